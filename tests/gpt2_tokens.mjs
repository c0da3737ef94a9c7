// Are the tokens in tests/reference/gpt2.expect those of tiktoken? (make check)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const require = createRequire(process.cwd() + "/build/node/");
const encoding = require("tiktoken").get_encoding("gpt2");
const lines = readFileSync("tests/reference/gpt2.expect", "utf8").split("\n").map((line) => line.split("\t"));
const value = Object.fromEntries(lines.map(([name, text]) => [name, text]));
const texts = { excerpt: readFileSync("tests/reference/gpt2_excerpt.txt", "utf8") };
for (const name of ["turing", "dog", "hello"]) texts[name] = value[`${name} prompt`];

let differ = 0;
for (const [name, text] of Object.entries(texts)) {
    const ids = [...encoding.encode(text, "all")].join(" ");
    if (ids === value[`${name} tokens`]) continue;
    console.log(`${name} tokens: tiktoken has\n    ${ids}`);
    differ++;
}
// The excerpt is Tiny Shakespeare, with <|endoftext|> at the start and after each empty line.
const plain = texts.excerpt.replaceAll("<|endoftext|>", "");
if ("<|endoftext|>" + plain.replaceAll("\n\n", "\n\n<|endoftext|>") !== texts.excerpt) {
    console.log("gpt2_excerpt.txt: <|endoftext|> is not at the start and after each empty line, and only there");
    differ++;
}
console.log(differ ? `${differ} differ` : "tiktoken has the same tokens");
process.exit(differ ? 1 : 0);
