"""make bench-14: a training step and matrix products, by this book and by PyTorch at its best.

    bench_14.py [ROUNDS]                    the table: both take turns, medians are compared
    bench_14.py step L H C T B V            PyTorch's side of it: see bench_14.c
    bench_14.py product M K N
"""
import glob
import math
import os
import statistics
import subprocess
import sys
import time

# ---- PyTorch's side ----------------------------------------------------------------------------------------------


def training_step(L, H, C, T, B, V):
    """A training step of GPT-2, written for speed: few, large operations."""
    import torch
    import torch.nn.functional as F
    torch.manual_seed(1)

    def matrix(*shape):
        return torch.nn.Parameter(torch.randn(*shape) / math.sqrt(shape[0]))

    def vector(n, value=0.0):
        return torch.nn.Parameter(torch.full((n,), value))

    wte, wpe = matrix(V, C), matrix(T, C)
    blocks = [dict(g1=vector(C, 1.0), b1=vector(C), wa=matrix(C, 3 * C), ba=vector(3 * C), wp=matrix(C, C),
                   bp=vector(C), g2=vector(C, 1.0), b2=vector(C), wf=matrix(C, 4 * C), bf=vector(4 * C),
                   wo=matrix(4 * C, C), bo=vector(C)) for _ in range(L)]
    gf, bf = vector(C, 1.0), vector(C)
    parameters = [wte, wpe, gf, bf] + [p for b in blocks for p in b.values()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01, foreach=True)
    future = torch.full((T, T), -math.inf).triu(1)
    ids, targets = torch.randint(V, (B, T)), torch.randint(V, (B, T))

    def loss():
        x = (F.embedding(ids, wte) + wpe).view(B * T, C)
        for b in blocks:
            qkv = torch.addmm(b["ba"], F.layer_norm(x, (C,), b["g1"], b["b1"]), b["wa"])
            q, k, v = (t.view(B, T, H, C // H).transpose(1, 2) for t in qkv.split(C, 1))
            scores = torch.baddbmm(future.expand(B * H, T, T), q.reshape(B * H, T, -1),
                                   k.reshape(B * H, T, -1).transpose(1, 2), alpha=1 / math.sqrt(C // H))
            context = torch.softmax(scores, -1) @ v.reshape(B * H, T, -1)
            x = x + torch.addmm(b["bp"], context.view(B, H, T, -1).transpose(1, 2).reshape(B * T, C), b["wp"])
            h = F.gelu(torch.addmm(b["bf"], F.layer_norm(x, (C,), b["g2"], b["b2"]), b["wf"]), approximate="tanh")
            x = x + torch.addmm(b["bo"], h, b["wo"])
        return F.cross_entropy(F.layer_norm(x, (C,), gf, bf) @ wte.t(), targets.view(-1))

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    return step


def product(M, K, N):
    import torch
    a, b, c = torch.rand(M, K) - 0.5, torch.rand(K, N) - 0.5, torch.empty(M, N)
    return lambda: torch.mm(a, b, out=c)


def serve(work):
    for _ in range(3):
        work()
    for _ in sys.stdin:
        start = time.perf_counter()
        work()
        print(time.perf_counter() - start, flush=True)


# ---- Both in turn ------------------------------------------------------------------------------------------------


def environment(threads, torch):
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    env.update(OMP_NUM_THREADS=str(threads), OMP_PROC_BIND="true", OMP_PLACES="cores")
    if torch:
        # OpenBLAS in its OpenMP build, and a malloc that does not give memory back after every step.
        env.update(MALLOC_TRIM_THRESHOLD_=str(1 << 33), MALLOC_MMAP_THRESHOLD_=str(1 << 33))
        found = glob.glob("/usr/lib/*/openblas-openmp")
        if found:
            env["LD_LIBRARY_PATH"] = found[0]
    return env


class Side:
    def __init__(self, threads, torch, words):
        command = [sys.executable, os.path.abspath(__file__)] if torch else ["build/bench_14"]
        self.process = subprocess.Popen(command + [str(w) for w in words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment(threads, torch))
        self.seconds = []

    def turn(self, times=1):
        """Works so many times, and notes the last: what is short is measured once it has got going."""
        time.sleep(0.03)  # the other side's threads have stopped waiting for work by then
        for _ in range(times):
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            seconds = float(self.process.stdout.readline())
        self.seconds.append(seconds)

    def median(self):
        self.process.stdin.close()
        self.process.wait()
        return statistics.median(self.seconds[1:])  # the first turn finds memory cold


def compare(threads, words, rounds):
    """The median seconds of ours and of PyTorch's, taken in turn."""
    ours, theirs = Side(threads, False, words), Side(threads, True, words)
    for _ in range(rounds + 1):
        ours.turn()
        theirs.turn()
    return ours.median(), theirs.median()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    if not glob.glob("/usr/lib/*/openblas-openmp"):
        print("OpenBLAS's OpenMP build is not here (libopenblas0-openmp): PyTorch may be slower than it could be")
    print("A training step, tokens/s            threads     ours  PyTorch  ours/PyTorch")
    shapes = [("L 4, H 4, C 128, T 128, B 16, V 1,024", (4, 4, 128, 128, 16, 1024), rounds),
              ("GPT-2 small, T 64, B 4", (12, 12, 768, 64, 4, 50257), max(3, rounds // 3))]
    for name, shape, n in shapes:
        for threads in (1, 2):
            ours, theirs = compare(threads, ("step",) + shape, n)
            tokens = shape[3] * shape[4]
            print(f"{name:<40} {threads:3}  {tokens / ours:8.0f} {tokens / theirs:8.0f}  {theirs / ours:8.2f}", flush=True)
    print("\nA matrix product, GFLOP/s            threads     ours OpenBLAS      peak  ours/peak  ours/OpenBLAS")
    for M, K, N in [(512, 3072, 768), (512, 768, 3072), (2048, 128, 384), (2048, 128, 512), (2048, 512, 128),
                    (2048, 128, 1024)]:
        for threads in (1, 2):
            fma = Side(threads, False, ("peak",))
            ours, theirs = Side(threads, False, ("product", M, K, N)), Side(threads, True, ("product", M, K, N))
            for _ in range(rounds + 1):
                for side in (fma, ours, theirs):
                    side.turn(3)
            peak = 10 * threads / fma.median()
            work = 2e-9 * M * K * N
            a, b = work / ours.median(), work / theirs.median()
            print(f"{f'{M} x {K} x {N}':<40} {threads:3}  {a:8.1f} {b:8.1f}  {peak:8.1f}  {a / peak:9.2f}  {a / b:13.2f}",
                  flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        numbers = [int(x) for x in sys.argv[2:]]
        serve({"step": training_step, "product": product}[sys.argv[1]](*numbers))
    else:
        main()
