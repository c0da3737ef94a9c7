"""make bench-13: reading and writing with a model of GPT-2 small's shape, by this book and by PyTorch at its best.

    bench_13.py [ROUNDS]              the tables: all take turns, medians are compared
    bench_13.py kinds [ROUNDS]        only the table of the three kinds of weights, without PyTorch
    bench_13.py narrow PROGRAM [ROUNDS]   13_gpt2, built for 128-bit vectors: its fast pass beside its teaching pass
    bench_13.py decode T N            PyTorch's side of it: see bench_13.c
    bench_13.py prefill T
"""
import glob
import math
import os
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench_14 import Side, environment  # noqa: E402

L, H, C, V, POSITIONS = 12, 12, 768, 50257, 1024
MODEL = "build/bench_small"
BLOCKS = L * (C * 3 * C + C * C + 2 * C * 4 * C)  # the numbers in all matrices of the blocks
READ = 4 * (BLOCKS + V * C)                      # bytes that every new token needs
KINDS = ("f32", "bf16", "int8")
WIDTH = {"f32": 1, "bf16": 1 / 2, "int8": 33 / 128}  # of a float; int8 has a scale for each 128

# ---- PyTorch's side ----------------------------------------------------------------------------------------------


def reader():
    """read(ids): the logits behind the last of them; a cache keeps what was read. forget(): begin again."""
    import torch
    import torch.nn.functional as F
    torch.manual_seed(1)

    def matrix(*shape):
        return torch.randn(*shape) * 0.02

    wte, wpe, gf, bf = matrix(V, C), matrix(POSITIONS, C), torch.ones(C), torch.zeros(C)
    # [out, in]: a row for each number that comes out lies together, for one token's product.
    blocks = [dict(g1=torch.ones(C), b1=torch.zeros(C), wa=matrix(3 * C, C), ba=torch.zeros(3 * C), wp=matrix(C, C),
                   bp=torch.zeros(C), g2=torch.ones(C), b2=torch.zeros(C), wf=matrix(4 * C, C), bf=torch.zeros(4 * C),
                   wo=matrix(C, 4 * C), bo=torch.zeros(C), k=torch.zeros(H, POSITIONS, C // H),
                   v=torch.zeros(H, POSITIONS, C // H)) for _ in range(L)]
    used = [0]
    scale = 1 / math.sqrt(C // H)

    def one(token):
        t = used[0]
        x = wte[token] + wpe[t]
        for b in blocks:
            qkv = torch.addmv(b["ba"], b["wa"], F.layer_norm(x, (C,), b["g1"], b["b1"]))
            q, b["k"][:, t], b["v"][:, t] = (part.view(H, -1) for part in qkv.split(C))
            scores = torch.bmm(b["k"][:, :t + 1], q.unsqueeze(2)).squeeze(2)
            weights = torch.softmax(scores * scale, 1)
            context = torch.bmm(weights.unsqueeze(1), b["v"][:, :t + 1]).view(C)
            x = x + torch.addmv(b["bp"], b["wp"], context)
            h = F.gelu(torch.addmv(b["bf"], b["wf"], F.layer_norm(x, (C,), b["g2"], b["b2"])), approximate="tanh")
            x = x + torch.addmv(b["bo"], b["wo"], h)
        used[0] = t + 1
        return torch.mv(wte, F.layer_norm(x, (C,), gf, bf))

    def many(ids):
        T = len(ids)
        future = torch.full((T, T), -math.inf).triu(1)
        x = wte[ids] + wpe[:T]
        for b in blocks:
            qkv = torch.addmm(b["ba"], F.layer_norm(x, (C,), b["g1"], b["b1"]), b["wa"].t())
            q, k, v = (part.view(T, H, -1).transpose(0, 1) for part in qkv.split(C, 1))
            b["k"][:, :T], b["v"][:, :T] = k, v
            scores = torch.baddbmm(future.expand(H, T, T), q, k.transpose(1, 2), alpha=scale)
            context = torch.bmm(torch.softmax(scores, -1), v).transpose(0, 1).reshape(T, C)
            x = x + torch.addmm(b["bp"], context, b["wp"].t())
            h = F.gelu(torch.addmm(b["bf"], F.layer_norm(x, (C,), b["g2"], b["b2"]), b["wf"].t()), approximate="tanh")
            x = x + torch.addmm(b["bo"], h, b["wo"].t())
        used[0] = T
        return torch.mv(wte, F.layer_norm(x[-1], (C,), gf, bf))

    def read(ids):
        return many(torch.tensor(ids)) if used[0] == 0 else one(ids[0])

    def forget():
        used[0] = 0

    return read, forget


def serve(kind, T, N=0):
    import torch
    read, forget = reader()
    ids = [t * 7919 % V for t in range(T)]

    def once():
        forget()
        start = time.perf_counter()
        logits = read(ids)
        if kind == "decode":
            start = time.perf_counter()
            for _ in range(N):
                logits = read([int(logits.argmax())])
        return time.perf_counter() - start

    with torch.inference_mode():
        once()
        for _ in sys.stdin:
            print(once(), flush=True)


# ---- All in turn -------------------------------------------------------------------------------------------------


class Bench(Side):
    """A process that does one round for each line it is given; command is a program and its words."""

    def __init__(self, threads, torch, *command):
        if torch:
            command = (sys.executable, os.path.abspath(__file__)) + command
        self.process = subprocess.Popen([str(w) for w in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment(threads, torch))
        self.seconds = []


def medians(rounds, *sides):
    for _ in range(rounds + 1):
        for side in sides:
            side.turn()
    return [side.median() for side in sides]


def kinds(rounds):
    """Writing and reading with the three kinds of weights, beside the limits, all in turn."""
    print("Writing (prompt 32, then 128)   threads   kind   tokens/s  times f32    GB/s  of bandwidth")
    for threads in (1, 2):
        memory, *ours = medians(rounds, Bench(threads, False, "build/bench_13", "bandwidth"),
                                *(Bench(threads, False, "build/bench_13", "decode", MODEL, kind, 32, 128) for kind in KINDS))
        for kind, seconds in zip(KINDS, ours):
            speed = 128 / seconds * READ * WIDTH[kind] / 1e9
            print(f"{'':<32}{threads:7}   {kind:<5}{128 / seconds:10.1f}{ours[0] / seconds:11.2f}{speed:8.1f}"
                  f"{speed * memory / 0.5:14.2f}", flush=True)
    print("\nReading 512 tokens              threads   kind   tokens/s  times f32  GFLOP/s     of peak")
    T = 512
    work = 2 * (BLOCKS + L * C * (T + 1)) * T + 2 * V * C  # half of all scores are needed
    for threads in (1, 2):
        peak, *ours = medians(rounds, Bench(threads, False, "build/bench_14", "peak"),
                              *(Bench(threads, False, "build/bench_13", "prefill", MODEL, kind, T) for kind in KINDS))
        for kind, seconds in zip(KINDS, ours):
            print(f"{'':<32}{threads:7}   {kind:<5}{T / seconds:10.0f}{ours[0] / seconds:11.2f}{work / seconds / 1e9:9.0f}"
                  f"{work / seconds / (10e9 * threads / peak):12.2f}", flush=True)
    print("\nMemory, MB                                kind    weights  and cache   at the most   after loading   of both")
    for kind in KINDS:
        weights = (READ * WIDTH[kind] + 4 * POSITIONS * C) / 1e6
        cache = 4 * 2 * L * POSITIONS * C / 1e6
        most, now = memory_of(kind)
        print(f"{'':<42}{kind:<5}{weights:10.0f}{weights + cache:11.0f}{most:14.0f}{now:16.0f}{now / (weights + cache):10.2f}",
              flush=True)


def memory_of(kind):
    """MB of a process that has loaded and read 512 tokens: at the most, and then (Linux says)."""
    side = Bench(1, False, "build/bench_13", "prefill", MODEL, kind, 512)
    side.turn()
    with open(f"/proc/{side.process.pid}/status") as file:
        said = dict(line.split(":", 1) for line in file)
    side.process.stdin.close()
    side.process.wait()
    return (int(said[name].split()[0]) * 1024 / 1e6 for name in ("VmHWM", "VmRSS"))


def narrow(program, rounds):
    """Tokens per second of a build for narrow vectors, by both passes in turn."""
    print("                 threads   reading   teaching   times   writing   teaching   times")
    for model, T, N in (("models/robots", 64, 60), (MODEL, 64, 16)):
        ids = " ".join(str(t * 7 % 1000) for t in range(T))
        for threads in (1, 2):
            speeds = {"": [], "--teaching": []}
            for _ in range(rounds):
                for way, all_speeds in speeds.items():
                    run = subprocess.run([program, "--model", model, "--ids", ids, "--max-tokens", str(N), "--greedy", "--print-ids",
                                          "--stats"] + way.split(), capture_output=True, text=True, check=True,
                                         env=environment(threads, False))
                    all_speeds.append([float(x) for x in re.findall(r"\(([0-9.]+) per second\)", run.stderr)])
            fast, slow = ([statistics.median(x) for x in zip(*s)] for s in speeds.values())
            print(f"{os.path.basename(model):<16}{threads:8}" +
                  "".join(f"{a:10.0f}{b:11.0f}{a / b:8.2f}" for a, b in zip(fast, slow)), flush=True)


def first_token(threads):
    """Seconds from the start of the program to the end of a text of one token, and its memory in MB."""
    seconds, memory = [], 0
    for _ in range(5):
        start = time.perf_counter()
        run = subprocess.run(["build/13_gpt2", "--model", MODEL, "--ids", "464 3290 373 1043 287", "--max-tokens", "1",
                              "--print-ids", "--stats"], capture_output=True, text=True, env=environment(threads, False))
        seconds.append(time.perf_counter() - start)
        memory = max(memory, int(re.search(r"memory (\d+) MB", run.stderr).group(1)))
    return statistics.median(seconds), memory


def most_memory(threads):
    """Of a text that fills the context, prompt 512."""
    ids = " ".join(str(t * 7919 % V) for t in range(512))
    run = subprocess.run(["build/13_gpt2", "--model", MODEL, "--ids", ids, "--max-tokens", "600", "--print-ids", "--stats"],
                         capture_output=True, text=True, env=environment(threads, False))
    return int(re.search(r"memory (\d+) MB", run.stderr).group(1))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    if not glob.glob("/usr/lib/*/openblas-openmp"):
        print("OpenBLAS's OpenMP build is not here (libopenblas0-openmp): PyTorch may be slower than it could be")
    print("GPT-2 small's shape, float32. Bandwidth: reading 500 MB; peak: multiply-adds that wait for nothing.\n")
    print("Writing (prompt 32, then 128)   threads   tokens/s  PyTorch  ours/PyTorch   GB/s  limit  ours/limit")
    for threads in (1, 2):
        speed, ours, theirs = medians(rounds, Bench(threads, False, "build/bench_13", "bandwidth"),
                                      Bench(threads, False, "build/bench_13", "decode", MODEL, "f32", 32, 128),
                                      Bench(threads, True, "decode", 32, 128))
        limit = 0.5e9 / speed / READ
        print(f"{'':<32}{threads:7}  {128 / ours:9.1f}{128 / theirs:9.1f}{theirs / ours:14.2f}{0.5 / speed:7.1f}"
              f"{limit:7.1f}{128 / ours / limit:12.2f}", flush=True)
    print("\nReading                         threads   tokens/s  PyTorch  ours/PyTorch  GFLOP/s peak  limit  ours/limit")
    for T in (512, 1024):
        work = 2 * (BLOCKS + L * C * (T + 1)) * T + 2 * V * C  # half of all scores are needed
        for threads in (1, 2):
            peak, ours, theirs = medians(rounds, Bench(threads, False, "build/bench_14", "peak"),
                                         Bench(threads, False, "build/bench_13", "prefill", MODEL, "f32", T),
                                         Bench(threads, True, "prefill", T))
            speed = 10e9 * threads / peak
            limit = T * speed / work
            print(f"{f'{T} tokens':<32}{threads:7}  {T / ours:9.0f}{T / theirs:9.0f}{theirs / ours:14.2f}"
                  f"{speed / 1e9:14.0f}{limit:7.0f}{T / ours / limit:12.2f}", flush=True)
    print()
    kinds(rounds)
    weights = os.path.getsize(f"{MODEL}/model.safetensors") / 1e6
    cache = 4 * 2 * L * POSITIONS * C / 1e6
    print(f"\nWeights {weights:.0f} MB, cache {cache:.0f} MB")
    for threads in (1, 2):
        seconds, memory = first_token(threads)
        full = most_memory(threads)
        print(f"{threads} thread{'s' if threads > 1 else ''}: the first token {seconds:.3f} s after the start, memory "
              f"{memory} MB; a full context {full} MB, {full / (weights + cache):.2f} of weights and cache", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "kinds":
        kinds(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    elif sys.argv[1:2] == ["narrow"]:
        narrow(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
    elif len(sys.argv) > 2:
        serve(sys.argv[1], *(int(x) for x in sys.argv[2:]))
    else:
        main()
