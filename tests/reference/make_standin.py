#!/usr/bin/env python3
"""A stand-in for GPT-2 small, for who has not its weights: what make test-gpt2 runs is run on it (tests/gpt2_standin.sh).

    make_standin.py OUT     writes OUT/model.safetensors, OUT/config.json and OUT/expect

The file has the names, the shapes and the type of the published one, attn.bias buffers among them; the numbers are drawn
by chance. OUT/expect says of it what tests/reference/gpt2.expect says of GPT-2, worked out here by PyTorch, with its own
cross-entropy, gradients and AdamW. OUT holds vocab.json already.
"""
import json
import math
import os
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

L, H, C, T, V = 12, 12, 768, 1024, 50257
HERE = os.path.dirname(os.path.abspath(__file__))


def make_weights():
    """Blocks that say more than the embedding does: otherwise the likeliest token is always the last one once more."""
    chance = torch.Generator().manual_seed(1)

    def drawn(*shape, spread=0.02, around=0.0):
        return torch.randn(*shape, generator=chance) * spread + around

    w = {"wte.weight": drawn(V, C), "wpe.weight": drawn(T, C, spread=0.01)}
    for l in range(L):
        h = f"h.{l}."
        w[h + "ln_1.weight"], w[h + "ln_1.bias"] = drawn(C, around=1.0), drawn(C)
        w[h + "attn.bias"] = torch.ones(T, T).tril().view(1, 1, T, T)
        w[h + "attn.c_attn.weight"], w[h + "attn.c_attn.bias"] = drawn(C, 3 * C, spread=0.06), drawn(3 * C)
        w[h + "attn.c_proj.weight"], w[h + "attn.c_proj.bias"] = drawn(C, C, spread=0.04), drawn(C)
        w[h + "ln_2.weight"], w[h + "ln_2.bias"] = drawn(C, around=1.0), drawn(C)
        w[h + "mlp.c_fc.weight"], w[h + "mlp.c_fc.bias"] = drawn(C, 4 * C), drawn(4 * C)
        w[h + "mlp.c_proj.weight"], w[h + "mlp.c_proj.bias"] = drawn(4 * C, C), drawn(C)
    w["ln_f.weight"], w["ln_f.bias"] = drawn(C, around=1.0), drawn(C)
    return w


def write_model(folder, w):
    entries, at = {"__metadata__": {"format": "pt"}}, 0
    for name, x in w.items():
        entries[name] = {"dtype": "F32", "shape": list(x.shape), "data_offsets": [at, at + 4 * x.numel()]}
        at += 4 * x.numel()
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    with open(f"{folder}/model.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header)
        for x in w.values():
            f.write(x.numpy().astype("<f4").tobytes())
    config = {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "bos_token_id": 50256,
              "eos_token_id": 50256, "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": T, "n_embd": C,
              "n_head": H, "n_layer": L, "n_positions": T, "vocab_size": V}
    with open(f"{folder}/config.json", "w") as f:
        json.dump(config, f, indent=2)


def logits(w, ids):
    """ids [B, n] → [B, n, V]"""
    B, n = ids.shape
    x = w["wte.weight"][ids] + w["wpe.weight"][:n]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    for l in range(L):
        def p(name, kind):
            return w[f"h.{l}.{name}.{kind}"]
        a = F.layer_norm(x, (C,), p("ln_1", "weight"), p("ln_1", "bias"))
        q, k, v = (a @ p("attn.c_attn", "weight") + p("attn.c_attn", "bias")).split(C, -1)
        q, k, v = (t.view(B, n, H, C // H).transpose(1, 2) for t in (q, k, v))
        scores = (q @ k.transpose(2, 3) / math.sqrt(C // H)).masked_fill(future, -math.inf)
        a = (scores.softmax(-1) @ v).transpose(1, 2).reshape(B, n, C)
        x = x + a @ p("attn.c_proj", "weight") + p("attn.c_proj", "bias")
        a = F.layer_norm(x, (C,), p("ln_2", "weight"), p("ln_2", "bias")) @ p("mlp.c_fc", "weight") + p("mlp.c_fc", "bias")
        x = x + F.gelu(a, approximate="tanh") @ p("mlp.c_proj", "weight") + p("mlp.c_proj", "bias")
    return F.layer_norm(x, (C,), w["ln_f.weight"], w["ln_f.bias"]) @ w["wte.weight"].t()


def greedy(w, ids, count):
    ids = list(ids)
    for _ in range(count):
        top = logits(w, torch.tensor([ids]))[0, -1].topk(2)
        if top.values[0] - top.values[1] < 1e-3:
            sys.exit("make_standin.py: two tokens are as good as equally likely: take another seed")
        ids.append(int(top.indices[0]))
    return ids[-count:]


def loss(w, rows, targets):
    return F.cross_entropy(logits(w, rows).view(-1, V), targets.reshape(-1))


def ten_steps(w, ids):
    rows, targets = torch.tensor(ids[:256]).view(4, 64), torch.tensor(ids[1:257])
    learned = {name: torch.nn.Parameter(x) for name, x in w.items() if not name.endswith(".attn.bias")}
    optimizer = torch.optim.AdamW(learned.values(), lr=1e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        now = loss(learned, rows, targets)
        now.backward()
        optimizer.step()
        losses.append(now.item())
    return losses


def text_of(folder, ids):
    """GPT-2 writes a token's bytes as visible characters in vocab.json; this takes them back."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    byte = {chr(b): b for b in visible}
    byte.update({chr(256 + i): b for i, b in enumerate(b for b in range(256) if b not in visible)})
    with open(f"{folder}/vocab.json", encoding="utf-8") as f:
        token = {i: t for t, i in json.load(f).items()}
    return bytes(byte[c] for i in ids for c in token[i]).decode()


def main(folder):
    expect = {}
    with open(f"{HERE}/gpt2.expect", encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                name, value, *off = line.rstrip("\n").split("\t")
                expect[name] = [value, *off]
    ids = {name.split()[0]: [int(i) for i in value[0].split()] for name, value in expect.items() if name.endswith(" tokens")}
    w = make_weights()
    write_model(folder, w)
    with torch.no_grad():
        turing, dog = greedy(w, ids["turing"], 8), greedy(w, ids["dog"], 18)
        hello = loss(w, torch.tensor([ids["hello"][:-1]]), torch.tensor(ids["hello"][1:])).item()
    text = text_of(folder, turing)
    if not text.isprintable():
        sys.exit(f"make_standin.py: {text!r} is not fit for a line: take another seed")
    expect["turing text"][0] = expect["turing prompt"][0] + text
    expect["turing ids"][0] = expect["turing ids, teaching pass"][0] = " ".join(map(str, turing))
    expect["dog ids"][0] = " ".join(map(str, dog))
    expect["hello loss"][0] = f"{hello:.6f}"
    for i, x in enumerate(ten_steps(w, ids["excerpt"]), 1):
        expect[f"step {i} loss"] = [f"{x:.6f}", "1e-3"]
    with open(f"{folder}/expect", "w", encoding="utf-8") as f:
        for name, value in expect.items():
            f.write("\t".join([name, *value]) + "\n")


main(sys.argv[1])
