#!/usr/bin/env python3
"""GPT-2 once more, in PyTorch and float64: what the tests compare the book's C with.

    make reference                                    makes every file of tests/reference again
    /usr/bin/python3 tests/reference/make_reference.py [--check] [--model DIR] [--out DIR] [CHAPTER …]

Nothing here comes from the C programs, and nothing from another GPT-2: matrix products, exp and tanh, written down
from the mathematics; safetensors read and written from its description. There is one function a chapter, and it makes
tests/reference/NN_stem.safetensors. Names of tensors are those of DESIGN §5, with one of these in front:

    toy.      a tiny model with random weights; they are in the same file, as toy.weights.<name in a checkpoint>,
              its sizes as toy.config (positions, V, C, H, L, F) and toy.epsilon, its prompt as toy.ids
    odd.      tests/reference/odd, a checkpoint that is made here too: H 3, D 5, F no multiple of C, untied head, F16,
              BF16 and F32 side by side, names with transformer. in front, in no order, attn.bias buffers; odd.ids
    robots.   models/robots on the chapter's prompt, mostly PROMPT; robots.ids, and as robots.wte 16 numbers of its
              token table, evenly spread (wte[i * V * C / 16]), which tell whether a test has the same model before it

--check writes nothing: it computes all again and names each tensor that is not what the file holds (1e-6 of the
largest). --model takes another folder for models/robots. --out writes to another folder.

A chapter's function is given a Book, and reads like this:

    def chapter_05(book):
        out = {}
        toy = book.toy("05.", Config(positions=8, V=11, C=6, H=2, L=1, F=24), [3, 1, 4, 1])
        for model in (toy, book.odd(), book.robots()):
            out.update(model.own())                  # what stands above: ids, toy.weights, robots.wte
            steps = forward(model.w, model.c, model.ids)
            for name in ("embedding", "h.0.attn.scores"):
                out[f"{model.name}.{name}"] = steps[name]
        return out
"""
import argparse
import json
import math
import os
import re
import struct
import sys
import zlib

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

torch.set_default_dtype(torch.float64)


def fail(text):
    sys.exit(f"make_reference.py: {text}")


# ---- safetensors: 8 bytes with the header's length, the header as JSON, the numbers ------------------------------

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "U8": "u1", "BOOL": "?"}


class Bf16:
    """float32 numbers whose lower half is 0, to be stored as BF16."""

    def __init__(self, x):
        bits = np.ascontiguousarray(x, "<f4").view("<u4").astype(np.uint64)
        self.bits = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2")  # to the nearest, ties to even
        self.shape = self.bits.shape

    def wide(self):
        return (self.bits.astype("<u4") << 16).view("<f4")


def type_name(array):
    if isinstance(array, Bf16):
        return "BF16"
    return next(name for name, code in TYPES.items() if name != "BF16" and array.dtype == np.dtype(code))


def safetensors_bytes(tensors, header_order=None, metadata=None):
    """A file's bytes. The numbers lie in the order of the dict, the header lists them in header_order."""
    entries, data, at = {}, [], 0
    for name, array in tensors.items():
        raw = (array.bits if isinstance(array, Bf16) else array).tobytes()
        entries[name] = {"dtype": type_name(array), "shape": list(array.shape), "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    header = {"__metadata__": metadata} if metadata else {}
    for name in header_order or entries:
        header[name] = entries[name]
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data)


def read_safetensors(path):
    """name → (type, numpy array); BF16 comes out as float32."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        array = np.frombuffer(data[first:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":
            array = (array.astype("<u4") << 16).view("<f4").reshape(entry["shape"])
        tensors[name] = (entry["dtype"], array)
    return tensors


def f64(x):
    """To be stored in double precision."""
    return np.array(x.detach() if torch.is_tensor(x) else x, "<f8")


def stored(x):
    """What PyTorch computed is kept as float32; what is a numpy array already, as it is."""
    return x.detach().numpy().astype("<f4") if torch.is_tensor(x) else x


# ---- Chance: the same numbers in every version of every library ----------------------------------------------------

def hash32(x):
    """Mixes 32-bit integers (uint32 arrays) thoroughly; in C: tests/hash_weights.h."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(seed, shape, scale):
    """Numbers spread evenly over -scale … scale, each exactly a float32; seed is text."""
    n = np.arange(math.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1)
    h = hash32(n + np.uint32(zlib.crc32(seed.encode())))
    return ((h.astype(np.float64) / 2.0**31 - 1) * scale).astype("<f4").reshape(shape)


def integers(seed, shape, below):
    n = np.arange(math.prod(shape), dtype=np.uint32)
    return (hash32(n + np.uint32(zlib.crc32(seed.encode()))) % np.uint32(below)).astype("<i4").reshape(shape)


# ---- GPT-2 ---------------------------------------------------------------------------------------------------------

class Config:
    def __init__(self, positions, V, C, H, L, F, epsilon=1e-5, tied=True):
        self.positions, self.V, self.C, self.H, self.L, self.F = positions, V, C, H, L, F
        self.epsilon, self.tied, self.D = epsilon, tied, C // H

    def row(self):
        return np.array([self.positions, self.V, self.C, self.H, self.L, self.F], "<i4")

    def shapes(self):
        """name → shape of every parameter, in the order of the published files; matrices are [in, out]."""
        C, F = self.C, self.F
        shapes = {"wte.weight": (self.V, C), "wpe.weight": (self.positions, C)}
        for i in range(self.L):
            shapes.update({
                f"h.{i}.ln_1.weight": (C,), f"h.{i}.ln_1.bias": (C,),
                f"h.{i}.attn.c_attn.weight": (C, 3 * C), f"h.{i}.attn.c_attn.bias": (3 * C,),
                f"h.{i}.attn.c_proj.weight": (C, C), f"h.{i}.attn.c_proj.bias": (C,),
                f"h.{i}.ln_2.weight": (C,), f"h.{i}.ln_2.bias": (C,),
                f"h.{i}.mlp.c_fc.weight": (C, F), f"h.{i}.mlp.c_fc.bias": (F,),
                f"h.{i}.mlp.c_proj.weight": (F, C), f"h.{i}.mlp.c_proj.bias": (C,)})
        shapes.update({"ln_f.weight": (C,), "ln_f.bias": (C,)})
        if not self.tied:
            shapes["lm_head.weight"] = (self.V, C)
        return shapes


def layer_norm(x, weight, bias, epsilon):
    """Each row: minus its mean, over the root of its variance (with 1/n), times weight, plus bias."""
    centred = x - x.sum(-1, keepdim=True) / x.shape[-1]
    variance = (centred * centred).sum(-1, keepdim=True) / x.shape[-1]
    return centred / (variance + epsilon).sqrt() * weight + bias


def softmax(x):
    e = (x - x.max(-1, keepdim=True).values).exp()
    return e / e.sum(-1, keepdim=True)


def gelu_tanh(x):
    return 0.5 * x * (1 + (math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)).tanh())


def gelu_erf(x):
    return 0.5 * x * (1 + (x / math.sqrt(2)).erf())


def split(x, H):
    """[…, T, C] → [H, T, C / H], after what stands in front"""
    return x.reshape(*x.shape[:-1], H, x.shape[-1] // H).transpose(-3, -2)


def merge(x):
    """[…, H, T, D] → [T, H · D]"""
    x = x.transpose(-3, -2)
    return x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])


def attention(q, k, v, causal):
    """q, k, v [H, T, D] → scores, masked scores, weights [H, T, T] and each head's sum [H, T, D]"""
    T = q.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    future = torch.ones(T, T, dtype=torch.bool).triu(1)
    masked = scores.masked_fill(future, -math.inf) if causal else scores
    weights = softmax(masked)
    return scores, masked, weights, weights @ v


def block(x, w, i, c, causal, out):
    """One block; every step of it into out."""
    def p(name):
        return w[f"h.{i}.{name}"]

    def note(name, value):
        out[f"h.{i}.{name}"] = value
        return value

    ln_1 = note("ln_1", layer_norm(x, p("ln_1.weight"), p("ln_1.bias"), c.epsilon))
    qkv = ln_1 @ p("attn.c_attn.weight") + p("attn.c_attn.bias")
    q, k, v = (split(part, c.H) for part in qkv.split(c.C, -1))
    note("attn.q", q), note("attn.k", k), note("attn.v", v)
    scores, masked, weights, heads = attention(q, k, v, causal)
    note("attn.scores", scores)
    note("attn.masked", masked)
    note("attn.weights", weights)
    note("attn.heads", heads)
    context = note("attn.context", merge(heads))
    mid = note("mid", x + note("attn.c_proj", context @ p("attn.c_proj.weight") + p("attn.c_proj.bias")))
    ln_2 = note("ln_2", layer_norm(mid, p("ln_2.weight"), p("ln_2.bias"), c.epsilon))
    c_fc = note("mlp.c_fc", ln_2 @ p("mlp.c_fc.weight") + p("mlp.c_fc.bias"))
    gelu = note("mlp.gelu", gelu_tanh(c_fc))
    return note("output", mid + note("mlp.c_proj", gelu @ p("mlp.c_proj.weight") + p("mlp.c_proj.bias")))


def forward(w, c, ids, causal=True, blocks=None):
    """Every step for ids [T] (or [B, T]), by name. With blocks: only that many, and no logits."""
    ids = torch.as_tensor(ids, dtype=torch.long)
    out = {"embedding": w["wte.weight"][ids] + w["wpe.weight"][:ids.shape[-1]]}
    x = out["embedding"]
    for i in range(c.L if blocks is None else blocks):
        x = block(x, w, i, c, causal, out)
    if blocks is None:
        out["ln_f"] = layer_norm(x, w["ln_f.weight"], w["ln_f.bias"], c.epsilon)
        out["logits"] = out["ln_f"] @ w["wte.weight" if c.tied else "lm_head.weight"].T
    return out


def cross_entropy(logits, targets):
    """The mean over all places of -ln softmax(logits)[target]"""
    largest = logits.max(-1, keepdim=True).values
    log_sum = (logits - largest).exp().sum(-1).log() + largest[..., 0]
    right = logits.gather(-1, torch.as_tensor(targets, dtype=torch.long)[..., None])[..., 0]
    return (log_sum - right).sum() / right.numel()


# ---- Models --------------------------------------------------------------------------------------------------------

SCALES = {"wte.weight": 1.0, "wpe.weight": 0.5, "attn.c_attn.weight": 0.9, "attn.c_proj.weight": 0.6,
          "mlp.c_fc.weight": 0.8, "mlp.c_proj.weight": 0.4, "lm_head.weight": 0.7}


def random_weights(seed, c, loud=1.0):
    """Weights of ordinary size. Nothing is left at 0 or 1: a gain or bias that is forgotten shows."""
    weights = {}
    for name, shape in c.shapes().items():
        kind = name.split(".", 2)[2] if name.startswith("h.") else name
        if kind.startswith("ln") and kind.endswith("weight"):
            weights[name] = (1 + uniform(seed + name, shape, 0.4)).astype("<f4")
        else:
            weights[name] = uniform(seed + name, shape, SCALES.get(kind, 0.3) * (loud if len(shape) == 2 else 1))
    return weights


def double(weights):
    return {name: torch.tensor(array.astype(np.float64)) for name, array in weights.items()}


class Model:
    """A model and a prompt for it. w are its weights as the forward pass takes them, float64, by the plain names."""

    def __init__(self, name, c, weights, ids):
        self.name, self.c, self.weights, self.w = name, c, weights, double(weights)
        self.ids = np.array(ids, "<i4")

    def own(self):
        """What a reference file holds of the model itself."""
        own = {f"{self.name}.ids": self.ids}
        if self.name == "toy":
            own.update({f"toy.weights.{name}": array for name, array in self.weights.items()})
            own["toy.config"], own["toy.epsilon"] = self.c.row(), f64([self.c.epsilon])
        if self.name == "robots":
            table = self.weights["wte.weight"].reshape(-1)
            own["robots.wte"] = table[np.arange(16) * (table.size // 16)].astype("<f4")
        return own


# A checkpoint with everything that is allowed and seldom seen. C is 15, and 37 is no multiple of it.
ODD = Config(positions=11, V=29, C=15, H=3, L=2, F=37, epsilon=0.01, tied=False)
ODD_IDS = [28, 4, 17, 0, 4, 9, 23]
ODD_SETTINGS = {
    "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 28,
    "embd_pdrop": 0.1, "eos_token_id": 28, "initializer_range": 0.02, "layer_norm_epsilon": ODD.epsilon,
    "model_type": "gpt2", "n_ctx": ODD.positions, "n_embd": ODD.C, "n_head": ODD.H, "n_inner": ODD.F, "n_layer": ODD.L,
    "n_positions": ODD.positions, "resid_pdrop": 0.1, "scale_attn_weights": True, "summary_type": "cls_index",
    "tie_word_embeddings": False, "torch_dtype": "float16", "use_cache": True, "vocab_size": ODD.V}


def odd_files():
    """The two files of tests/reference/odd as bytes, and its weights as float64, rounded to the types they are in."""
    random, stands, exact = random_weights("odd.", ODD), {}, {}
    for n, (name, array) in enumerate(random.items()):
        if n % 3 == 0:
            kept = Bf16(array)
            exact[name] = kept.wide().astype(np.float64)
        else:
            kept = array.astype("<f2" if n % 3 == 1 else "<f4")
            exact[name] = kept.astype(np.float64)
        stands[name if name == "lm_head.weight" else "transformer." + name] = kept
    mask = np.tril(np.ones((1, 1, ODD.positions, ODD.positions)))
    stands["transformer.h.0.attn.bias"] = mask.astype("?")  # 121 bytes: what follows lies at an odd place
    stands["transformer.h.0.attn.masked_bias"] = np.array(-1e4, "<f4")
    stands["transformer.h.1.attn.bias"] = mask.astype("<f4")
    by_chance = lambda seed: sorted(stands, key=lambda name: zlib.crc32((seed + name).encode()))
    data = safetensors_bytes({name: stands[name] for name in by_chance("data")}, by_chance("header"), {"format": "pt"})
    return {"config.json": (json.dumps(ODD_SETTINGS, indent=2) + "\n").encode(), "model.safetensors": data}, exact


PROMPT = "A robot must obey the orders given it"


def encode(folder, text):
    """The ids of an ASCII text without runs of blanks, by the rule of lowest rank."""
    with open(os.path.join(folder, "vocab.json"), encoding="utf-8") as file:
        vocabulary = json.load(file)
    with open(os.path.join(folder, "merges.txt"), encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#version")]
    ranks, ids = {tuple(line.split(" ")): rank for rank, line in enumerate(lines)}, []
    for word in re.findall(r"'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+", text):
        parts = list(word.replace(" ", "\u0120"))
        while True:
            pairs = [(ranks[pair], i) for i, pair in enumerate(zip(parts, parts[1:])) if pair in ranks]
            if not pairs:
                break
            at = min(pairs)[1]
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        ids += [vocabulary[part] for part in parts]
    return ids


def read_model(folder):
    """Config and weights (float64) of a GPT-2 folder."""
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        fail(f"{folder}: there is no model.safetensors")
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        s = json.load(file)
    stands = {re.sub("^transformer[.]", "", name): array
              for name, (_, array) in read_safetensors(os.path.join(folder, "model.safetensors")).items()}
    c = Config(s["n_positions"], s["vocab_size"], s["n_embd"], s["n_head"], s["n_layer"],
               s.get("n_inner") or 4 * s["n_embd"], s.get("layer_norm_epsilon", 1e-5), "lm_head.weight" not in stands)
    for name, shape in c.shapes().items():
        if name not in stands or stands[name].shape != shape:
            fail(f"{folder}: {name} should be there, {list(shape)}")
    return c, {name: stands[name].astype(np.float64) for name in c.shapes()}


class Book:
    """What the chapters' functions are given."""

    def __init__(self, model):
        self.model, self.kept = model, None

    def toy(self, seed, c, ids, loud=1.0):
        """A model with random weights, for a chapter's own file."""
        return Model("toy", c, random_weights(seed, c, loud), ids)

    def odd(self):
        """tests/reference/odd"""
        return Model("odd", ODD, odd_files()[1], ODD_IDS)

    def robots(self, prompt=PROMPT):
        """models/robots, or the folder of --model"""
        if not self.kept:
            self.kept = read_model(self.model)
        return Model("robots", *self.kept, encode(self.model, prompt))


# ---- Chapter 2: what stands in a checkpoint --------------------------------------------------------------------------

def chapter_02(book):
    """The numbers of odd's tensors; of each of robots' the sum and the sum of squares; sixteen-bit numbers; counts."""
    out = {}
    for name, array in book.odd().weights.items():
        out[f"odd.{name}"] = array.astype("<f4")
    robots = book.robots()
    out.update(robots.own())
    out["robots.sums"] = f64([[array.sum(), (array * array).sum()] for array in robots.weights.values()])
    # Of both formats every pattern of sign and exponent, with some fractions. NaN is left to the test itself.
    bits = np.array(sorted({high << 6 | low for high in range(1024) for low in (0, 1, 37)} |
                           {0x3FF, 0x7BFF, 0xFBFF, 0x7F7F, 0xFF7F, 0x83FF}), "<u2")
    half, brain = bits.view("<f2").astype("<f4"), (bits.astype("<u4") << 16).view("<f4")
    for name, x in (("half", half), ("bfloat16", brain)):
        out[f"toy.{name}.bits"], out[f"toy.{name}"] = bits[~np.isnan(x)].astype("<i4"), x[~np.isnan(x)]
    # The sizes of models, and how many parameters each has: the four of GPT-2 and some that nobody would make.
    sizes = [Config(1024, 50257, 64 * H, H, L, 256 * H) for H, L in ((12, 12), (16, 24), (20, 36), (25, 48))]
    sizes += [ODD, robots.c, Config(2, 3, 2, 1, 1, 8), Config(7, 5, 4, 2, 3, 9), Config(1, 1, 1, 1, 1, 1),
              Config(1024, 50257, 12288, 96, 96, 49152)]
    out["toy.sizes"] = np.array([c.row() for c in sizes])
    tables = [Config(c.positions, c.V, c.C, c.H, c.L, c.F).shapes().values() for c in sizes]
    out["toy.counts"] = np.array([sum(math.prod(shape) for shape in table) for table in tables], "<i8")
    return out


# ---- Chapter 3: embedding ------------------------------------------------------------------------------------------

def cosines(a, b):
    """a [n, C], b [m, C] → [n, m]: how much each row of a points the same way as each row of b"""
    return (a @ b.T) / (a * a).sum(1).sqrt()[:, None] / (b * b).sum(1).sqrt()


def chapter_03(book):
    """Rows and their sum; of some tokens the five with the largest cosine; of places 0, 1, 2, 4, … the cosines; how
    much of the spread of wte lies along its two widest directions."""
    out = {}
    toy = book.toy("03.", Config(positions=8, V=17, C=6, H=2, L=1, F=24), [3, 1, 4, 1, 16])
    for model in (toy, book.odd(), book.robots()):
        name, c, ids = model.name, model.c, [int(i) for i in model.ids]
        out.update(model.own())
        wte, wpe = model.w["wte.weight"], model.w["wpe.weight"]
        out[f"{name}.embedding.token"], out[f"{name}.embedding.position"] = wte[ids], wpe[:len(ids)]
        out[f"{name}.embedding"] = forward(model.w, c, ids, blocks=0)["embedding"]
        words = encode(book.model, " May dog Rivet red she two") if name == "robots" else []
        words = list(dict.fromkeys(words + ids))[:12]  # each once
        alike = cosines(wte[words], wte)
        alike[range(len(words)), words] = -2
        best = alike.sort(1, descending=True)
        out[f"{name}.near.words"] = np.array(words, "<i4")
        out[f"{name}.near.found"] = best.indices[:, :5].numpy().astype("<i4")
        out[f"{name}.near.cosine"] = best.values[:, :5]
        places = ([0] + [2**i for i in range(30) if 2**i < c.positions])[:8]
        out[f"{name}.places.cosine"] = cosines(wpe[places], wpe[places])
        x = wte - wte.sum(0) / c.V
        spread = torch.linalg.eigvalsh(x.T @ x)
        out[f"{name}.spread"] = f64([spread[-1] / spread.sum(), spread[-2] / spread.sum()])
    return out


# ---- Chapter 4: one head -----------------------------------------------------------------------------------------------

def chapter_04(book):
    """Block 0's heads without a mask, from the rows to the sums; and the softmax of scores of every size."""
    out = {}
    toy = book.toy("04.", Config(positions=9, V=13, C=10, H=2, L=1, F=4), [3, 12, 0, 3, 7, 5])
    for model in (toy, book.odd(), book.robots("Glint gave her the barrel, because it")):
        out.update(model.own())
        steps = forward(model.w, model.c, model.ids, causal=False, blocks=1)
        for name in ("embedding", "h.0.ln_1", "h.0.attn.q", "h.0.attn.k", "h.0.attn.v", "h.0.attn.scores"):
            out[f"{model.name}.{name}"] = steps[name]
        for name in ("h.0.attn.weights", "h.0.attn.heads"):
            out[f"{model.name}.open.{name}"] = steps[name]
    rows = [uniform(f"04.softmax.{size}", (7,), size) + more
            for size, more in ((1, 0), (20, 0), (3, 1000), (3, -1000), (100, 0), (1e30, 0), (0, 5))]
    scores = np.stack(rows).astype("<f4")
    scores[1, 3] = -np.inf
    out["toy.softmax.scores"] = scores
    out["toy.softmax.shares"] = softmax(torch.tensor(scores.astype(np.float64)))
    return out


# ---- Chapter 5: masking --------------------------------------------------------------------------------------------

def chapter_05(book):
    """Block 0's heads with the mask, and (with open. in front of the name) without it."""
    out = {}
    c = Config(positions=10, V=19, C=12, H=3, L=1, F=8)
    for m in (book.toy("05.toy.", c, integers("05.toy.ids", (9,), c.V)), book.odd(), book.robots()):
        out.update(m.own())
        masked, unmasked = (forward(m.w, m.c, m.ids, causal=causal, blocks=1) for causal in (True, False))
        for n in ("scores", "masked", "weights", "heads"):
            out[f"{m.name}.h.0.attn.{n}"] = masked[f"h.0.attn.{n}"]
        for n in ("weights", "heads"):
            out[f"{m.name}.open.h.0.attn.{n}"] = unmasked[f"h.0.attn.{n}"]
    return out


# ---- Chapter 6: heads ----------------------------------------------------------------------------------------------

def chapter_06(book):
    """Block 0's attention with all its heads; and for toy and odd what each head adds to the output."""
    out = {}
    c = Config(positions=12, V=23, C=12, H=4, L=1, F=20)
    for m in (book.toy("06.toy.", c, integers("06.toy.ids", (7,), c.V)), book.odd(), book.robots()):
        out.update(m.own())
        steps, w = forward(m.w, m.c, m.ids, blocks=1), m.w["h.0.attn.c_proj.weight"]
        steps["h.0.attn.c_attn"] = steps["h.0.ln_1"] @ m.w["h.0.attn.c_attn.weight"] + m.w["h.0.attn.c_attn.bias"]
        rows = w.reshape(m.c.H, m.c.D, m.c.C)
        steps["h.0.attn.parts"] = torch.einsum("htd,hdc->htc", steps["h.0.attn.heads"], rows)
        names = ("q", "k", "v", "weights", "context", "c_proj")
        if m.name != "robots":
            names += ("c_attn", "scores", "masked", "heads", "parts")
            out[f"{m.name}.h.0.ln_1"] = steps["h.0.ln_1"]
        for n in names:
            out[f"{m.name}.h.0.attn.{n}"] = steps[f"h.0.attn.{n}"]
    return out


# ---- Chapter 7: the feed-forward layer -------------------------------------------------------------------------------

def rms_norm(x, weight, epsilon):
    """Each row over its root mean square, times weight."""
    return x / ((x * x).sum(-1, keepdim=True) / x.shape[-1] + epsilon).sqrt() * weight


def chapter_07(book):
    """The layer in the first block, step by step; then GELU in both forms and both norms by themselves."""
    out = {}
    toy = book.toy("07.", Config(positions=8, V=13, C=6, H=2, L=1, F=20), [3, 12, 0, 3, 7])
    for model in (toy, book.odd(), book.robots()):
        out.update(model.own())
        steps = forward(model.w, model.c, model.ids, blocks=1)
        for name in ("h.0.mid", "h.0.ln_2", "h.0.mlp.c_fc", "h.0.mlp.gelu", "h.0.mlp.c_proj"):
            out[f"{model.name}.{name}"] = steps[name]
    x = torch.linspace(-6, 6, 241)
    out["part.gelu.x"], out["part.gelu.tanh"], out["part.gelu.erf"] = x, gelu_tanh(x), gelu_erf(x)
    x, weight, bias = (torch.tensor(uniform("07." + name, shape, 1.5).astype(np.float64))
                       for name, shape in (("x", (5, 7)), ("weight", (7,)), ("bias", (7,))))
    x = x * torch.tensor([[1.0], [0.01], [100.0], [1.0], [0.0]]) + torch.tensor([[0.0], [0.0], [0.0], [30.0], [2.0]])
    out["part.norm.x"], out["part.norm.weight"], out["part.norm.bias"] = x, weight, bias
    x = torch.tensor(x.numpy().astype("<f4").astype(np.float64))  # the C code starts from what is stored
    out["part.norm.layer"], out["part.norm.rms"] = layer_norm(x, weight, bias, 1e-3), rms_norm(x, weight, 1e-3)
    return out


# ---- Chapter 8: the block --------------------------------------------------------------------------------------------

def post_norm_block(x, w, i, c):
    """The block with its norms behind the sums: the rows after each half."""
    def p(name):
        return w[f"h.{i}.{name}"]

    q, k, v = (split(part, c.H) for part in (x @ p("attn.c_attn.weight") + p("attn.c_attn.bias")).split(c.C, -1))
    told = merge(attention(q, k, v, True)[3]) @ p("attn.c_proj.weight") + p("attn.c_proj.bias")
    mid = layer_norm(x + told, p("ln_1.weight"), p("ln_1.bias"), c.epsilon)
    hidden = gelu_tanh(mid @ p("mlp.c_fc.weight") + p("mlp.c_fc.bias"))
    added = hidden @ p("mlp.c_proj.weight") + p("mlp.c_proj.bias")
    return mid, layer_norm(mid + added, p("ln_2.weight"), p("ln_2.bias"), c.epsilon)


def chapter_08(book):
    """Block 0: what each half adds, and the sums; the same with the norm behind the sum; attention between two texts."""
    out = {}
    toy = book.toy("08.", Config(positions=8, V=11, C=12, H=3, L=2, F=20), [3, 1, 4, 1, 5])
    for model in (toy, book.odd(), book.robots()):
        out.update(model.own())
        steps = forward(model.w, model.c, model.ids, blocks=1)
        for name in ("embedding", "h.0.ln_1", "h.0.attn.c_proj", "h.0.mid", "h.0.ln_2", "h.0.mlp.c_proj", "h.0.output"):
            out[f"{model.name}.{name}"] = steps[name]
        if model is toy:
            mid, output = post_norm_block(steps["embedding"], model.w, 0, model.c)
            out["toy.post.mid"], out["toy.post.output"] = mid, output
    q, k, v = (torch.tensor(uniform("08.cross." + name, (n, 3), 3).astype(np.float64))
               for name, n in (("q", 4), ("k", 6), ("v", 6)))
    weights = softmax(q @ k.T / math.sqrt(3))
    for name, x in (("q", q), ("k", k), ("v", v), ("weights", weights), ("context", weights @ v)):
        out[f"toy.cross.{name}"] = x
    return out


# ---- Chapter 9: the stack --------------------------------------------------------------------------------------------

def greedy(model, most):
    """The likeliest token, again and again, as long as it leads by more than 1e-3 and there is room."""
    ids = list(model.ids)
    while len(ids) < min(model.c.positions, len(model.ids) + most):
        logits = forward(model.w, model.c, ids)["logits"][-1]
        best = logits.topk(2)
        if best.values[0] - best.values[1] < 1e-3:
            break
        ids.append(int(best.indices[0]))
    return np.array(ids[len(model.ids):], "<i4")


def chapter_09(book):
    """All blocks, the final norm, the logits; the lens at every depth of the toy; parts of a logit; greedy text."""
    out = {}
    toy = book.toy("09.", Config(positions=9, V=13, C=12, H=3, L=3, F=20, epsilon=0.02, tied=False), [3, 1, 4, 1, 12])
    for model in (toy, book.odd(), book.robots()):
        out.update(model.own())
        c, w, steps = model.c, model.w, forward(model.w, model.c, model.ids)
        for name in ["embedding", *(f"h.{i}.output" for i in range(c.L)), "ln_f", "logits"]:
            out[f"{model.name}.{name}"] = steps[name]
        out[f"{model.name}.greedy"] = greedy(model, 24)
        if model is not toy:
            continue
        rows = [steps["embedding"], *(steps[f"h.{i}.output"] for i in range(c.L))]
        for depth, x in enumerate(rows):
            norm = layer_norm(x, w["ln_f.weight"], w["ln_f.bias"], c.epsilon)
            out[f"toy.lens.{depth}"] = softmax(norm @ w["lm_head.weight"].T)
        # The parts of the logit of token 7 behind the last: each is what the logit loses without it, the spread kept.
        parts = [steps["embedding"]] + [steps[f"h.{i}.{half}.c_proj"] for i in range(c.L) for half in ("attn", "mlp")]
        spread = (rows[-1][-1].var(unbiased=False) + c.epsilon).sqrt()
        out["toy.parts"] = torch.stack([((part[-1] - part[-1].mean()) / spread * w["ln_f.weight"]) @ w["lm_head.weight"][7]
                                        for part in parts])
    return out


# ---- Chapter 10: sampling --------------------------------------------------------------------------------------------

SETTINGS_10 = [(1, 0, 1), (0.5, 0, 1), (2, 0, 1), (1, 5, 1), (1, 0, 0.9), (1, 40, 1), (0, 0, 1), (0.7, 3, 1), (1.5, 4, 0.6),
               (1, 1, 1), (1, 0, 0), (3, 0, 0.35)]  # temperature, top-k (0: all), top-p; the first six are the program's


def chosen_from(logits, temperature, k, p):
    """The probabilities [V] from which a setting draws."""
    if temperature == 0:
        return torch.nn.functional.one_hot(logits.argmax(), len(logits)).double()
    x = logits / temperature
    if 0 < k < len(x):
        x = x.masked_fill(x < x.sort(descending=True).values[k - 1], -math.inf)
    if p < 1:
        order = x.sort(descending=True, stable=True).indices
        share = softmax(x)[order]
        before = share.cumsum(0) - share
        cut = before >= p
        cut[0] = False
        x = x.masked_fill(torch.zeros(len(x), dtype=torch.bool).scatter(0, order, cut), -math.inf)
    return softmax(x)


def chances(seed):
    """Without end: numbers from 0 up to 1, by splitmix64."""
    state, mask = seed, 2**64 - 1
    while True:
        state = state + 0x9E3779B97F4A7C15 & mask
        z = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        yield ((z ^ z >> 31) >> 11) / 2**53


def faded(logits, ids, penalty):
    there = torch.zeros(len(logits), dtype=torch.bool)
    there[torch.as_tensor(np.array(ids), dtype=torch.long)] = True
    return torch.where(there, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


def sampled(model, setting, penalty, seed, most):
    """New tokens, as long as no rounding could make another of one, and there is room."""
    ids, chance = list(model.ids), chances(seed)
    while len(ids) < min(model.c.positions, len(model.ids) + most):
        logits = faded(forward(model.w, model.c, ids)["logits"][-1], ids, penalty)
        ends = chosen_from(logits, *setting).cumsum(0)
        best, u = logits.topk(2).values, next(chance)
        if best[0] - best[1] < 1e-3 if setting[0] == 0 else (ends - u).abs().min() < 1e-4:
            break
        ids.append(int((ends > u).nonzero()[0]))
    return np.array(ids[len(model.ids):], "<i4")


def chapter_10(book):
    """Distributions under each setting, also where logits are equal; a penalty; chance; sampled texts."""
    out, settings = {}, SETTINGS_10
    toy = book.toy("10.", Config(positions=24, V=13, C=12, H=3, L=2, F=20, epsilon=0.02, tied=False), [3, 1, 4])
    rows = uniform("10.rows", (6, 13), 4.0)
    rows[1] = np.round(rows[1])            # some are equal
    rows[2] = 2.0 * (np.arange(13) % 3)    # many are
    rows[3] = 1.5                          # all are
    out["toy.rows"], out["toy.settings"] = rows, np.array(settings, "<f4")
    out["toy.p"] = torch.stack([torch.stack([chosen_from(row, *s) for s in settings]) for row in torch.tensor(rows).double()])
    seen = [4, 0, 4, 12, 7, 4]
    out["toy.seen"] = np.array(seen, "<i4")
    out["toy.faded"] = torch.stack([faded(row, seen, 1.25) for row in torch.tensor(rows).double()])
    for seed in (0, 1, 2**62 + 3):
        chance = chances(seed)
        out[f"toy.chance.{seed}"] = f64([next(chance) for _ in range(20)])
    for model in (toy, book.odd(), book.robots("A robot must")):
        out.update(model.own())
        logits = forward(model.w, model.c, model.ids)["logits"][-1]
        out[f"{model.name}.next.logits"] = logits
        for i, setting in enumerate(settings[:6]):
            out[f"{model.name}.next.p.{i}"] = chosen_from(logits, *setting)
        for i, (setting, penalty) in enumerate([(settings[0], 1), (settings[5], 1), (settings[8], 1), (settings[0], 1.5), (settings[6], 2)]):
            out[f"{model.name}.text.{i}"] = sampled(model, setting, penalty, 7 + i, 20)
    return out


# ---- Chapter 11: the key/value cache ---------------------------------------------------------------------------------

def chapter_11(book):
    """Nothing here has a cache: keys, values and logits of the whole prompt at once; greedy text, each token anew."""
    out = {}
    toy = book.toy("11.", Config(positions=9, V=13, C=12, H=3, L=3, F=20, epsilon=0.02, tied=False), [3, 1, 4, 1, 12, 5])
    for model in (toy, book.odd(), book.robots()):
        out.update(model.own())
        steps = forward(model.w, model.c, model.ids)
        for i in range(model.c.L) if model.name != "robots" else (0, model.c.L - 1):
            for n in ("k", "v"):
                out[f"{model.name}.h.{i}.attn.{n}"] = steps[f"h.{i}.attn.{n}"]
        out[f"{model.name}.logits"] = steps["logits"]
        out[f"{model.name}.greedy"] = greedy(model, 24)
        if model is toy:
            out["toy.embedding"], out["toy.h.0.output"] = steps["embedding"], steps["h.0.output"]
    return out


# ---- Chapter 13: the finished program ----------------------------------------------------------------------------------

# GPT-2 small's full shape, with weights that both languages can make: tests/hash_weights.h has the same table.
SMALL = Config(positions=1024, V=50257, C=768, H=12, L=12, F=3072)
SMALL_SCALES = {"wte.weight": 0.2, "wpe.weight": 0.1, "attn.c_attn.weight": 0.08, "attn.c_proj.weight": 0.06,
                "mlp.c_fc.weight": 0.06, "mlp.c_proj.weight": 0.03}


def hash_weights(c):
    """name → numbers: 0.2 either way around 0 for vectors, around 1 for a norm's weight; matrices by the table."""
    weights = {}
    for name, shape in c.shapes().items():
        kind = name.split(".", 2)[2] if name.startswith("h.") else name
        numbers = uniform("13." + name, shape, SMALL_SCALES.get(kind, 0.2))
        weights[name] = (1 + numbers).astype("<f4") if kind.startswith("ln") and kind.endswith("weight") else numbers
    return weights


def chapter_13(book):
    """Logits of the prompt, and greedy text; of the large one only some logits: those of the columns named."""
    out = {}
    for model, most in ((book.odd(), 4), (book.robots(), 48)):
        out.update(model.own())
        out[f"{model.name}.logits"] = forward(model.w, model.c, model.ids)["logits"]
        out[f"{model.name}.greedy"] = greedy(model, most)
    small = Model("small", SMALL, hash_weights(SMALL), integers("13.ids", (9,), SMALL.V))
    columns = np.concatenate([[0, 1, SMALL.V - 1], integers("13.columns", (29,), SMALL.V)]).astype("<i4")
    out["small.ids"], out["small.columns"] = small.ids, columns
    out["small.logits"] = forward(small.w, small.c, small.ids)["logits"][:, columns]
    out["small.greedy"] = greedy(small, 6)
    return out


# ---- Chapter 14: training ------------------------------------------------------------------------------------------

def grad(value, dvalue, **inputs):
    """The gradient of sum(value · dvalue) with respect to each input."""
    names = list(inputs)
    found = torch.autograd.grad((value * dvalue).sum(), [inputs[n] for n in names])
    return {f"d{n}": g for n, g in zip(names, found)}


def chapter_14(book):
    """One step backward of each part alone, then of a tiny model as a whole; then AdamW, one step and three."""
    out = {}

    def part(name, value, dvalue, **inputs):
        for n, x in inputs.items():
            out[f"{name}.{n}"] = x
        out[f"{name}.out"], out[f"{name}.dout"] = value, dvalue
        for n, g in grad(value, dvalue, **inputs).items():
            out[f"{name}.{n}"] = f64(g)

    def some(name, *shape, scale=1.5, more=0.0):
        return torch.tensor(uniform("part." + name, shape, scale).astype(np.float64) + more).requires_grad_()

    # The parts. T 5, C 6, F 7, H 2, D 3, V 9.
    x, y = some("x", 5, 6), some("y", 5, 6).detach()
    g, b = some("gain", 6, scale=0.5, more=1.0), some("bias", 6)
    part("layer_norm", layer_norm(x, g, b, 1e-5), y, x=x, weight=g, bias=b)
    w, b, d = some("w", 6, 7), some("b", 7), some("d", 5, 7).detach()
    part("linear", x @ w + b, d, x=x, w=w, b=b)
    x = torch.linspace(-4, 4, 33).requires_grad_()
    part("gelu", gelu_tanh(x), torch.ones(33), x=x)
    x, d = some("scores", 4, 6, scale=3), some("dweights", 4, 6).detach()
    part("softmax", softmax(x), d, x=x)
    q, k, v, d = some("q", 2, 5, 3), some("k", 2, 5, 3), some("v", 2, 5, 3), some("dheads", 2, 5, 3).detach()
    part("attention", attention(q, k, v, True)[3], d, q=q, k=k, v=v)
    wte, wpe, d = some("wte", 9, 6), some("wpe", 8, 6), some("dembedding", 5, 6).detach()
    ids = np.array([3, 7, 3, 0, 8], "<i4")  # a token twice: its row gets the sum
    part("embedding", wte[torch.tensor(ids, dtype=torch.long)] + wpe[:5], d, wte=wte, wpe=wpe)
    out["embedding.ids"] = ids
    logits, targets = some("logits", 5, 9, scale=4), np.array([2, 0, 8, 8, 5], "<i4")
    loss = cross_entropy(logits, targets)
    part("cross_entropy", loss, torch.ones(()), logits=logits)
    out["cross_entropy.targets"], out["cross_entropy.out"] = targets, f64(loss.reshape(1))
    del out["cross_entropy.dout"]

    # AdamW by itself: gradients are given, of very different sizes; w shrinks (a matrix), plain does not.
    lr, betas, eps, decay, most = 1e-3, (0.9, 0.95), 1e-8, 0.1, 1.0
    out["option.lr"], out["option.eps"] = f64([lr]), f64([eps])
    out["option.beta1"], out["option.beta2"] = f64([betas[0]]), f64([betas[1]])
    out["option.weight_decay"], out["option.max_norm"] = f64([decay]), f64([most])
    w = some("adamw", 4, 3)
    out["adamw.w"] = w.detach().clone()
    plain = w.detach().clone().requires_grad_()
    adam = torch.optim.AdamW([{"params": [w], "weight_decay": decay}, {"params": [plain], "weight_decay": 0.0}],
                             lr=lr, betas=betas, eps=eps)
    for step in range(1, 4):
        g = some(f"g{step}", 4, 3, scale=0.2 * 10.0**-step).detach()
        w.grad, plain.grad = g.clone(), g.clone()
        adam.step()
        out[f"adamw.g{step}"], out[f"adamw.step{step}"], out[f"adamw.plain{step}"] = g, f64(w), f64(plain)
        out[f"adamw.m{step}"], out[f"adamw.v{step}"] = (f64(adam.state[w][k]) for k in ("exp_avg", "exp_avg_sq"))

    # Clipping by itself: two gradients whose common norm is above the limit.
    a, b = some("a", 3, 4).detach(), some("b", 5).detach()
    out["clip.a"], out["clip.b"] = a, b
    x, y = a.clone().requires_grad_(), b.clone().requires_grad_()
    x.grad, y.grad = a.clone(), b.clone()
    out["clip.norm"] = f64([float(torch.nn.utils.clip_grad_norm_([x, y], most))])
    out["clip.a_out"], out["clip.b_out"] = x.grad, y.grad

    # The whole, B 2 texts of T 6: the loss, the gradient of every parameter, and of every step on the way.
    c = Config(positions=8, V=17, C=8, H=2, L=2, F=32)
    weights = random_weights("14.toy.", c)
    ids = integers("14.toy.ids", (2, 7), c.V)
    inputs, targets = np.ascontiguousarray(ids[:, :-1]), np.ascontiguousarray(ids[:, 1:])
    out["config"], out["epsilon"] = c.row(), f64([c.epsilon])
    out["inputs"], out["targets"] = inputs, targets
    for name, array in weights.items():
        out[f"weights.{name}"] = array
    w = {name: x.requires_grad_() for name, x in double(weights).items()}
    steps = forward(w, c, inputs)
    for x in steps.values():
        x.retain_grad()
    loss = cross_entropy(steps["logits"], targets)
    loss.backward()
    out["loss"] = f64(loss.reshape(1))
    for name, x in w.items():
        out[f"grad.{name}"] = f64(x.grad)
    for name, x in steps.items():
        out[f"activation.{name}"] = x
        out[f"dactivation.{name}"] = x.grad

    # AdamW on the same texts, three steps, each gradient clipped. Matrices shrink, biases and gains do not.
    # The bias of a key (the middle third of c_attn.bias) moves no probability: its gradient is 0, and what rounding
    # leaves in its place AdamW blows up to as much as lr. So there only the tolerance of lr a step is left.
    w = {name: x.requires_grad_() for name, x in double(weights).items()}
    groups = [{"params": [x for x in w.values() if x.dim() == 2], "weight_decay": decay},
              {"params": [x for x in w.values() if x.dim() == 1], "weight_decay": 0.0}]
    adam = torch.optim.AdamW(groups, lr=lr, betas=betas, eps=eps)
    losses, norms = [], []
    for step in range(1, 4):
        adam.zero_grad()
        loss = cross_entropy(forward(w, c, inputs)["logits"], targets)
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(w.values()), most)))
        losses.append(float(loss))
        adam.step()
        if step in (1, 3):
            for name, x in w.items():
                out[f"step{step}.{name}"] = f64(x)
    losses.append(float(cross_entropy(forward(w, c, inputs)["logits"], targets)))
    out["losses"], out["norms"] = f64(losses), f64(norms)

    # The walk: <|endoftext|>, the last id, and all of a prompt but its last token are read, the prompt is the target.
    for model in (book.odd(), book.robots()):
        out.update(model.own())
        prompt = [int(i) for i in model.ids]
        if model.name == "odd":
            prompt = prompt[1:]
        ids, targets = [model.c.V - 1] + prompt[:-1], torch.tensor(prompt, dtype=torch.long)
        w = {name: x.clone().requires_grad_() for name, x in model.w.items()}
        logits = forward(w, model.c, ids)["logits"]
        logits.retain_grad()
        losses = -torch.log_softmax(logits, -1)[torch.arange(len(prompt)), targets]
        losses.mean().backward()
        out[f"{model.name}.losses"], out[f"{model.name}.dlogits"] = losses, logits.grad
        for name, x in w.items():
            if model.name == "odd" or x.dim() == 1:
                out[f"{model.name}.grad.{name}"] = x.grad
    return out


# ---- Files ---------------------------------------------------------------------------------------------------------

# ---- Chapter 15: beyond ----------------------------------------------------------------------------------------------

def answers(name, prompt):
    """A model of models/ that answers: what it makes of a prompt with its mark, and the answer."""
    folder = os.path.join(ROOT, "models", name)
    c, weights = read_model(folder)
    model = Model(name, c, weights, [c.V - 1] + encode(folder, prompt + " =>"))
    steps = forward(model.w, model.c, model.ids)
    out = model.own()
    out[f"{name}.weights"] = torch.stack([steps[f"h.{i}.attn.weights"] for i in range(c.L)])
    out[f"{name}.logits"] = steps["logits"]
    out[f"{name}.greedy"] = greedy(model, c.positions - len(model.ids))
    return out


def chapter_15(book):
    """The translator on the chapter's prompt: all attention weights, the logits, the answer. The model of tunes on two bars."""
    out = answers("translator", "Do the quiet horses not sell your red birds?")
    folder = os.path.join(ROOT, "models", "tunes")
    c, weights = read_model(folder)
    model = Model("tunes", c, weights, [c.V - 1] + encode(folder, "4(KORo2m1o1r2t2HOWt3v1t2w2"))
    steps = forward(model.w, model.c, model.ids)
    out.update(model.own())
    out["tunes.weights"] = torch.stack([steps[f"h.{i}.attn.weights"] for i in range(c.L)])
    out["tunes.logits"] = steps["logits"]
    return out


CHAPTERS = {
    "02_checkpoint": chapter_02,
    "03_embedding": chapter_03,
    "04_attention": chapter_04,
    "05_masking": chapter_05,
    "06_heads": chapter_06,
    "07_feed_forward": chapter_07,
    "08_block": chapter_08,
    "09_stack": chapter_09,
    "10_sampling": chapter_10,
    "11_kv_cache": chapter_11,
    "13_gpt2": chapter_13,
    "14_training": chapter_14,
    "15_beyond": chapter_15,
}


def different(want, got):
    """What is not the same between a committed tensor and one computed now; None where nothing is."""
    if want[0] != got[0] or want[1].shape != got[1].shape:
        return f"is {want[0]} {list(want[1].shape)}, computed {got[0]} {list(got[1].shape)}"
    a, b = want[1].astype(np.float64), got[1].astype(np.float64)
    largest = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    exact = want[0] in ("I32", "I64", "U8", "BOOL")
    with np.errstate(invalid="ignore"):
        near = (a == b) | (np.abs(a - b) <= (0 if exact else 1e-6) * largest)
    if near.all():
        return None
    at = tuple(int(i) for i in np.argwhere(~near)[0])
    return f"{(~near).sum()} of {near.size} differ, the first at {list(at)}: {a[at]!r}, computed {b[at]!r}"


def compare(path, tensors, left_out):
    """Prints a line for each tensor that the file at path does not hold as computed. Returns how many."""
    shown = os.path.relpath(path, ROOT)
    if not os.path.exists(path):
        print(f"{shown}: is missing")
        return 1
    want, wrong = read_safetensors(path), 0
    for name in sorted(set(want) | set(tensors)):
        if name.startswith(left_out):
            continue
        if name not in want or name not in tensors:
            text = "is not in the file" if name in tensors else "is in the file and no longer computed"
        else:
            text = different(want[name], (type_name(tensors[name]), tensors[name]))
        if text:
            print(f"{shown}: {name}: {text}")
            wrong += 1
    return wrong


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--model", default=os.path.join(ROOT, "models/robots"))
    parser.add_argument("--out", default=HERE)
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="numbers, such as 05; all where none is given")
    options = parser.parse_args()
    chosen = [stem for stem in CHAPTERS if not options.chapters or stem[:2] in options.chapters]
    for number in options.chapters:
        if not any(stem.startswith(number + "_") for stem in CHAPTERS):
            fail(f"{number}: there is no such chapter here; there are {' '.join(s[:2] for s in CHAPTERS)}")

    book, wrong = Book(options.model), 0
    if not options.chapters or "02" in options.chapters:
        for name, data in odd_files()[0].items():
            path = os.path.join(options.out, "odd", name)
            if not options.check:
                write(path, data)
            elif not os.path.exists(path) or open(path, "rb").read() != data:
                print(f"{os.path.relpath(path, ROOT)}: is not what is made now, byte for byte")
                wrong += 1
    for stem in chosen:
        tensors = {name: stored(x) for name, x in CHAPTERS[stem](book).items()}
        path = os.path.join(options.out, stem + ".safetensors")
        if options.check:
            wrong += compare(path, tensors, ("-",))
        else:
            write(path, safetensors_bytes(tensors, metadata={"made by": "tests/reference/make_reference.py"}))
            print(f"{stem}: {len(tensors)} tensors, {os.path.getsize(path)} bytes")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
