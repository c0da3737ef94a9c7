// Does chapter 1's program cut every text as OpenAI's tokenizer does? (make check)
//
//     node tests/tokens_against_tiktoken.mjs [--program FILE] [--model DIR] [--texts N] [--seed N]
//
// Every code point, in the places where its class decides how the text is cut, and texts in which
// anything stands next to anything. Needs tiktoken in build/node (make deps-dev) and GPT-2's
// vocabulary (make vocab-gpt2). Status 1 where a single id differs.
import { isUtf8 } from "node:buffer";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const fail = (reason) => {
    console.error(`tokens_against_tiktoken.mjs: ${reason}`);
    process.exit(1);
};

const options = { program: "build/encode_lines", model: "models/gpt2", texts: "30000", seed: "1" };
for (let i = 2; i < process.argv.length; i += 2) {
    const name = process.argv[i].replace(/^--/, "");
    if (!(name in options) || !process.argv[i + 1]) fail(`unknown option ${process.argv[i]}`);
    options[name] = process.argv[i + 1];
}
if (!existsSync(options.program)) fail(`${options.program} is not built: make ${options.program}`);
if (!existsSync(`${options.model}/vocab.json`)) {
    console.log(`skipped: ${options.model}/vocab.json is not there: make vocab-gpt2`);
    process.exit(0);
}

let encoding;
try {
    const require = createRequire(process.cwd() + "/build/node/");
    encoding = require("tiktoken").get_encoding("gpt2");
} catch {
    console.log("skipped: tiktoken is not in build/node: make deps-dev");
    process.exit(0);
}

// ---- Both answers, side by side -------------------------------------------------------------

const hex = (c) => Buffer.from(c).toString("hex").replace(/../g, "\\x$&");
const escaped = (text) => text.replace(/[\\\x00-\x1f\x7f]/g, (c) => (c === "\\" ? "\\\\" : hex(c)));
const shown = (text) => escaped(text).replace(/[^\x21-\x7e\p{L}\p{N}\p{P}\p{S} ]/gu, hex);

function tokens(ids) {
    const bytes = (id) => Buffer.from(encoding.decode(new Uint32Array([id])));
    const readable = (b) => (isUtf8(b) ? shown(b.toString()) : b.toString("hex").replace(/../g, "\\x$&"));
    return ids ? ids.split(" ").map((id) => `${id} '${readable(bytes(+id))}'`).join("  ") : "(nothing)";
}

let count = 0, differ = 0;

function compare(texts, what) {
    const ours = spawnSync(options.program, ["--model", options.model], {
        input: texts.map(escaped).join("\n") + "\n",
        maxBuffer: 2 ** 30,
    });
    if (ours.error || ours.status !== 0)
        fail(`${options.program}: ${ours.error ?? `status ${ours.status}: ${ours.stderr}`}`);
    const got = ours.stdout.toString().split("\n");
    if (got.length !== texts.length + 1)
        fail(`${options.program}: ${texts.length} lines in, ${got.length - 1} lines out`);
    texts.forEach((text, i) => {
        const want = encoding.encode_ordinary(text).join(" ");
        count++;
        if (got[i] === want) return;
        if (differ++ > 0) return;
        console.log(`first difference, among ${what}:`);
        console.log(`    text      '${shown(text)}'`);
        console.log(`    ours      ${tokens(got[i])}`);
        console.log(`    tiktoken  ${tokens(want)}`);
    });
}

const said = (what, from, before) => console.log(`${String(count - from).padStart(8)} ${what}, ${differ - before} differ`);

// ---- Every code point -----------------------------------------------------------------------

const points = [];
for (let point = 0; point <= 0x10ffff; point++)
    if (point < 0xd800 || point > 0xdfff) points.push(String.fromCodePoint(point));

function in_batches(all, make, what) {
    const [from, before] = [count, differ];
    for (let at = 0; at < all.length; at += 65536) compare(all.slice(at, at + 65536).flatMap(make), what);
    said(what, from, before);
}

in_batches(points, (x) => [`a${x}b ${x}1${x}'s1${x} `], "code points, four places in one text");
// Each place by itself: planes 0, 1 and 14, and every 61st code point of the rest.
const near = (x) => [0, 1, 14].includes(x.codePointAt(0) >> 16) || x.codePointAt(0) % 61 === 0;
in_batches(points.filter(near), (x) => [`a${x}b`, ` ${x}1`, `${x}'s`, `1${x} `], "texts of one code point in one place");

// ---- Anything next to anything --------------------------------------------------------------

let state = Number(options.seed) | 0;
function below(n) {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pieces = [..." \n\t\r'''''aesStTdDlLvVrRmMzZ0199.,!?-\"\\#<|>", " ", " ", "  ", "   ", "\r\n", "'s", "'t", "'re", "'ve", "'m",
    "'ll", "'d", "'S", "'LL", "\u2019s", "the", " the", "ing", " a", "robot", " Robot", "2019", "://", "...", "\u00a0", "\u0085",
    "\u1680", "\u180e", "\u2003", "\u2028", "\u202f", "\u3000", "\ufeff", "\u200b", "\u200d", "é", "e\u0301", "ß", "İ", "ı", "Ж", "字", "漢字", "가",
    "ก", "क्", "שׁ", "ش", "²", "½", "٣", "Ⅷ", "𝟜", "𐍈", "\u0301", "\u20e3", "🤖", "👩‍🔧", "🇫🇷", "ª", "·", "\u017f", "K", "\0", "\x01",
    "\x7f", "\u0378", "\ue000", "\uffff", "\u{10ffff}", "\u{e0041}", "<|endoftext|>", "ﬁ", "ǅ", "ʼ", "々", "〇", "㊿", "€", "∑", "\ufe0f"];
function nasty(length) {
    let text = "";
    for (let i = 0; i < length; i++) {
        const one = below(40) ? pieces[below(pieces.length)] : points[below(points.length)];
        text += below(12) ? one : one.repeat(1 + below(9));
    }
    return text;
}
let [from, before] = [count, differ];
const total = Number(options.texts);
for (let at = 0; at < total; at += 10000)
    compare(Array.from({ length: Math.min(10000, total - at) }, () => nasty(1 + below(30))), "texts drawn");
compare(Array.from({ length: 60 }, () => nasty(4000)), "long texts drawn");
said(`texts drawn with seed ${options.seed}`, from, before);

console.log(`${count} texts, ${differ} differ`);
process.exit(differ ? 1 : 0);
