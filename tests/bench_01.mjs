// The second half of tests/bench_01.sh: makes the text, runs both, prints the table.
// Status 1 where the ids differ, memory grows with the input, or a worst case is not near-linear.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const MB = 1e6, size = Number(process.argv[2]) * MB, rounds = Number(process.argv[3]);
const require = createRequire(process.cwd() + "/build/node/");
const encode = ["build/bench/01_tokenizer", "encode", "--model", "models/gpt2"];

// ---- The text: the same every time, and not all alike -----------------------------------------

let state = 52;
function chance() {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(chance() * n);
const pick = (list) => list[below(list.length)];
// The k-th word of n comes about 1/k as often as the first (Zipf).
const zipf = (words) => words[Math.min(words.length - 1, Math.floor(words.length ** chance()) - 1)];

const onsets = "b c ch d f g h j k l m n p qu r s sh st t th tr v w y pl br gr sp".split(" ");
const nuclei = "a e i o u ea ou ai ee oo a e i o".split(" ");
const codas = ["", "", "", "n", "r", "s", "t", "l", "nd", "ck", "ng", "st", "m", "ll", "ty", "ly"];
const known = `the of and to a in is it that was he for on with as his they at be this from I have or by one had not
but what all were when we there can an your which their said if do will each about how up out them then she many
some so these would other into has more her two like him see time could no make than first been its who now people
my made over did down only way find use may water long little very after words called just where most know`.split(/\s+/);
const made_up = () => {
    let word = "";
    for (let n = 1 + below(2) + below(3); n > 0; n--) word += pick(onsets) + pick(nuclei) + (n > 1 ? "" : pick(codas));
    return word;
};
const words = [...known, ...Array.from({ length: 50000 }, made_up)];

function prose() {
    let text = "", n = 4 + below(22);
    for (let i = 0; i < n; i++) {
        let word = zipf(words);
        if (i === 0 || below(40) === 0) word = word[0].toUpperCase() + word.slice(1);
        if (below(60) === 0) word += pick(["'s", "'t", "n't", "'ll", "'re"]);
        if (below(70) === 0) word = String(below(3000));
        text += word + (i === n - 1 ? pick([".", ".", ".", "?", "!"]) : below(12) ? " " : pick([", ", "; ", " – ", ": "]));
    }
    return text + (below(6) ? " " : "\n\n");
}

const names = Array.from({ length: 400 }, () => pick([made_up, () => `${made_up()}_${made_up()}`, () => pick("ijknxyp")])());
const types = ["int", "float", "char *", "size_t", "static const unsigned", "struct " + pick(names)];
function code(depth = 1) {
    const tab = "    ".repeat(depth), a = zipf(names), b = zipf(names);
    return tab + pick([
        () => `${a}[${b}] = ${zipf(names)} ${pick("+-*/&|")} ${below(1000)};\n`,
        () => `${pick(types)} ${a} = ${b}(${zipf(names)}, &${zipf(names)});\n`,
        () => `for (int i = 0; i < ${a}; i++) {\n${code(depth + 1)}${tab}}\n`,
        () => `if (!${a} || ${b}->${zipf(names)} >= 0x${below(65536).toString(16)})\n${tab}    return -1;\n`,
        () => `/* ${zipf(words)} ${zipf(words)} ${zipf(words)} */\n`,
        () => `printf("${zipf(words)}: %d\\n", ${a});\n`,
        () => `\n`,
    ])();
}

// Made-up words in eleven scripts; the ranges hold letters only.
const scripts = [[0x430, 32, 7], [0x3b1, 25, 7], [0x627, 36, 5], [0x5d0, 27, 5], [0x915, 37, 4], [0x4e00, 6000, 2],
    [0x3041, 86, 4], [0x30a1, 90, 5], [0xac00, 11172, 3], [0xe01, 46, 6], [0xe0, 23, 6]].map(([first, count, length]) =>
    Array.from({ length: 3000 }, () => Array.from({ length: 1 + below(2 * length) }, () =>
        String.fromCodePoint(first + below(count))).join("")));
function world() {
    const script = pick(scripts);
    return Array.from({ length: 5 + below(15) }, () => (below(30) ? zipf(script) : pick(["🤖", "👍🏽", "42", "«»", "。", "e\u0301"])))
        .join(pick([" ", " ", " ", "", "、"])) + pick([". ", "。", "!\n", "\n", " "]);
}

function filled(bytes, make) {
    const lines = [];
    for (let n = 0; n < bytes;) {
        const line = make();
        n += Buffer.byteLength(line);
        lines.push(line);
    }
    return lines.join("") + "\n";
}

function make_text(file) {
    const own = ["chapters", "src", "tests"].flatMap((d) => readdirSync(d).filter((f) => /\.(md|[ch])$/.test(f)).sort()
        .map((f) => readFileSync(`${d}/${f}`, "utf8"))).join("\n");
    let stories = "";
    if (existsSync("build/stories")) {
        const told = spawnSync("build/stories", ["generate", "--count", "20000", "--seed", "1"], { maxBuffer: 2 ** 30 });
        if (told.status === 0) stories = told.stdout.toString();
    }
    // A block of each in turn, so that the first megabytes are like all of them.
    const out = openSync(file, "w"), block = 400e3;
    let made = 0, at_own = 0, at_story = 0;
    while (made < size) {
        const story = stories.slice(at_story, at_story + 0.2 * block), page = own.slice(at_own, at_own + 0.02 * block);
        at_story = stories.length && (at_story + 0.2 * block) % stories.length;
        at_own = (at_own + page.length) % own.length;
        const part = filled((stories ? 0.5 : 0.7) * block, prose) + story + "\n" + filled(0.13 * block, code) + page + "\n"
            + filled(0.15 * block, world);
        writeFileSync(out, part);
        made += Buffer.byteLength(part);
    }
    closeSync(out);
}

// ---- Running ours ---------------------------------------------------------------------------

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// input: a file, or text → seconds and peak KB; with `piped`, so many of its bytes through a pipe.
function run(input, output = "/dev/null", piped = 0) {
    const from = existsSync(input) ? openSync(input, "r") : null, to = openSync(output, "w");
    const command = piped ? ["sh", "-c", `head -c ${piped} ${input} | build/bench/peak ${encode.join(" ")}`]
        : ["build/bench/peak", ...encode];
    const ran = spawnSync(command[0], command.slice(1), from === null
        ? { input, stdio: ["pipe", to, "pipe"] } : { stdio: [from, to, "pipe"] });
    if (from !== null) closeSync(from);
    closeSync(to);
    const said = /([\d.]+) (\d+)\n$/.exec(ran.stderr?.toString() ?? "");
    if (!said) {
        console.error(`bench_01.mjs: ${encode.join(" ")} failed: ${ran.error ?? ran.stderr}`);
        process.exit(1);
    }
    return { seconds: Number(said[1]), peak: Number(said[2]) };
}

// ---- Speed ----------------------------------------------------------------------------------

const file = `build/bench/text_${process.argv[2]}.txt`;
make_text(file);
const bytes = readFileSync(file), text = bytes.toString();
const speed = (seconds) => bytes.length / MB / seconds;
let wrong = 0;

// Pieces of about 1 MB, cut after a line end that stands alone: there the ids do not depend on the cut.
const chunks = [];
for (let from = 0; from < text.length;) {
    const cut = /\S\n(?=\S)/g;
    cut.lastIndex = from + 1e6;
    const to = cut.exec(text) ? cut.lastIndex : text.length;
    chunks.push(text.slice(from, to));
    from = to;
}
const tiktoken = require("tiktoken").get_encoding("gpt2");
function run_tiktoken(keep) {
    let nanoseconds = 0n;
    for (const chunk of chunks) {
        const begun = process.hrtime.bigint();
        const ids = tiktoken.encode_ordinary(chunk);
        nanoseconds += process.hrtime.bigint() - begun;
        if (keep) keep.push(ids);
    }
    return Number(nanoseconds) / 1e9;
}

console.log(`${file}: ${(bytes.length / MB).toFixed(1)} MB: prose, stories, C, eleven scripts, and this book\n`);
const theirs_ids = [];
run_tiktoken(theirs_ids); // once to warm up, and for the ids
run(file, "build/bench/ids.txt");
const ours_ids = readFileSync("build/bench/ids.txt", "latin1");
let at = 0, count = 0;
for (const ids of theirs_ids) {
    const want = ids.join(" ");
    if (ours_ids.slice(at, at + want.length) !== want) wrong++;
    at += want.length + 1;
    count += ids.length;
}
if (ours_ids.slice(at - 1) !== "\n") wrong++;
console.log(wrong ? "the ids DIFFER: node tests/tokens_against_tiktoken.mjs finds where"
    : `${count} ids, the same from both (${(bytes.length / count).toFixed(2)} bytes an id)`);

const ours = [], theirs = [];
console.log("\nMB/s      01_tokenizer   tiktoken");
for (let round = 1; round <= rounds; round++) {
    ours.push(speed(run(file).seconds));
    theirs.push(speed(run_tiktoken()));
    console.log(`round ${round} ${ours.at(-1).toFixed(1).padStart(14)}${theirs.at(-1).toFixed(1).padStart(11)}`);
}
console.log(`median  ${median(ours).toFixed(1).padStart(14)}${median(theirs).toFixed(1).padStart(11)}`
    + `    ours is ${(median(ours) / median(theirs)).toFixed(2)} times as fast`);
console.log("One thread each. Ours: the whole process, loading the vocabulary and printing the ids included.");
console.log("tiktoken (npm 1.0.22, WebAssembly): the encode calls only, on pieces of 1 MB, loading left out.");

// ---- Memory ---------------------------------------------------------------------------------

const few = run(file, "/dev/null", 5e6).peak, many = run(file, "/dev/null", bytes.length).peak;
console.log(`\nmemory at most, piped: ${(few / 1000).toFixed(1)} MB for 5 MB of text, `
    + `${(many / 1000).toFixed(1)} MB for ${(bytes.length / MB).toFixed(0)} MB`);
if (many > few + 4000) {
    wrong++;
    console.log("it GROWS with the input");
}

// ---- Worst cases ----------------------------------------------------------------------------

const half = 500000;
const letters = Array.from({ length: 2 * half }, () => pick("etaoinshrdlu")).join("");
const cases = [
    ["one word, 'a' again and again", (n) => "a".repeat(n)],
    ["one word, 'ab' again and again", (n) => "ab".repeat(n / 2)],
    ["one word, letters drawn", (n) => letters.slice(0, n)],
    ["spaces", (n) => " ".repeat(n)],
    ["spaces, then a word", (n) => " ".repeat(n) + "x"],
    ["line ends", (n) => "\n".repeat(n)],
    ["'a ' again and again", (n) => "a ".repeat(n / 2)],
    ["one number", (n) => "1234567890".repeat(n / 10)],
    ["punctuation", (n) => "=-".repeat(n / 2)],
    ["one word of Han characters", (n) => "中文字".repeat(n / 9)],
    ["apostrophes", (n) => "'".repeat(n)],
];
const start = median([1, 2, 3, 4, 5].map(() => run("").seconds));
console.log(`\nworst cases, milliseconds beyond the ${(1000 * start).toFixed(0)} for starting (best of 3)`);
console.log(`${"".padEnd(34)}0.5 MB    1 MB   ratio`);
for (const [what, make] of cases) {
    const [one, two] = [half, 2 * half].map((n) => {
        const input = `build/bench/worst.txt`;
        writeFileSync(input, make(n));
        return Math.max(0, Math.min(...[1, 2, 3].map(() => run(input).seconds)) - start);
    });
    const bad = two > 3 * one + 0.05;
    if (bad) wrong++;
    console.log(what.padEnd(32) + (1000 * one).toFixed(1).padStart(8) + (1000 * two).toFixed(1).padStart(8)
        + (one > 0.002 ? (two / one).toFixed(1) : "–").padStart(8) + (bad ? "  NOT near-linear" : ""));
}
process.exit(wrong ? 1 : 0);
