// The site in browsers: is it all there, does it fit, can it be found, read by key and by ear, and printed?
//   make check-site                          all
//   PAGES=chapters/05 …                      only pages whose address matches this are looked at one by one
//   node tests/site.mjs PART…                only these: build, files, pages, use, film, paper, firefox, firefox-use
//   SITE=other node tests/site.mjs            build/other, as weave.sh makes it
//   LIMIT=60 make check-site                 gives up after 60 minutes, not after 20
// The site is served below a sub-path. What is wrong is printed, a line each.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serve } from '../chapters/site/serve.mjs';

const site = 'build/' + (process.env.SITE || 'book'), work = 'build/check/site', modules = '../build/node/node_modules/';
const parts = process.argv.slice(2), limit = Number(process.env.LIMIT ?? 20);
const wanted = part => !parts.length || parts.includes(part);
let bad = 0, at = 'the start';
const wrong = (...what) => { if (++bad <= 60) console.log(what.join(' ')); };
const say = (...what) => console.log(...what);

for (const name of ['puppeteer-core', 'axe-core', 'pagefind']) {
    if (existsSync(`build/node/node_modules/${name}`)) continue;
    console.log(`npm's ${name} is not in build/node: make deps-dev`);
    process.exit(1);
}
mkdirSync(work, { recursive: true });

const list = folder => readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? list(join(folder, entry.name)) : [join(folder, entry.name)]).sort();
const files = list(site).map(file => file.slice(site.length + 1)).filter(file => !file.startsWith('pagefind/'));
const pages = files.filter(file => file.endsWith('.html'));
const text = file => readFileSync(join(site, file), 'utf8');
const documents = pages.filter(page => /<body class="text/.test(text(page)));
const chapters = documents.filter(page => /^chapters\/\d\d_/.test(page));
const looked = page => RegExp(process.env.PAGES ?? '').test(page);
const sources = pages.filter(page => !documents.includes(page));
const unescape = s => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
const plain = html => unescape(html.replace(/<[^>]*>/g, ''));

// ---- The files, without a browser --------------------------------------------------------------

function checkFiles() {
    const ids = {}, asked = new Set();
    for (const page of pages) {
        const found = [...text(page).matchAll(/\sid="([^"]*)"/g)].map(m => m[1]);
        ids[page] = new Set(found);
        if (ids[page].size !== found.length) wrong(page, 'has an id twice:', found.find((id, i) => found.indexOf(id) !== i));
    }
    for (const page of pages) {
        const html = text(page).replace(/<pre.*?<\/pre>/gs, pre => pre.match(/<a .*?>/g)?.join('') ?? '');
        for (const [, kind, address] of html.matchAll(/\s(href|src)="([^"]*)"/g)) {
            if (/^[a-z]+:/.test(address)) {
                if (kind === 'src') wrong(page, 'reads from elsewhere:', address);
                continue;
            }
            const [path, anchor] = unescape(address).split('#');
            let file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
            if (file.endsWith('/')) file += 'index.html';
            if (!existsSync(join(site, file))) wrong(page, 'leads to nothing:', address);
            else if (anchor !== undefined && anchor !== '' && !ids[file]?.has(decodeURIComponent(anchor))) wrong(page, 'leads to no such place:', address);
            asked.add(file + '#' + anchor);
        }
        if (/<link[^>]*stylesheet[^>]*"[a-z]+:\/\//.test(html) || /@import|url\(/.test(text('site/book.css'))) wrong(page, 'style from elsewhere');
        if (/<details[^>]* open/.test(html)) wrong(page, 'has an open fold');
        for (const [image] of text(page).matchAll(/<img [^>]*>/g)) {
            for (const has of [/ alt="[^"]{10,}"/, / width="\d+"/, / height="\d+"/, / loading="lazy"/]) if (!has.test(image)) wrong(page, 'an image without', has, image.slice(0, 90));
        }
    }
    // A file's page has the file, letter by letter.
    for (const page of sources) {
        const file = page === 'files.html' ? null : page.replace(/\.html$/, '').replace(/^(github|ci)\//, '.$1/');
        if (!file) continue;
        const listing = text(page).match(/<pre class="code"><code>(.*)<\/code><\/pre>/s)?.[1].replace(/<a id="L\d+".*?<\/a>/g, '');
        if (listing === undefined || plain(listing) !== readFileSync(file, 'utf8').replace(/\n$/, '')) wrong(page, 'does not show', file);
        if (!text(page).includes(`<h1>${file}</h1>`) || !/<meta name="viewport"/.test(text(page))) wrong(page, 'does not name', file);
    }
    for (const page of sources) for (const id of ids[page]) if (/^L\d+$/.test(id) && !asked.has(page + '#' + id)) wrong(page, 'an anchor that nothing leads to:', id);

    for (const page of chapters) {
        const html = text(page), source = readFileSync(page.replace(/html$/, 'md'), 'utf8');
        if (/<a[^>]*><\/a>/.test(html)) wrong(page, 'has empty anchors');
        // Every block of a file says which, and leads to its first line there.
        let fence = 0, blocks = 0;
        for (const line of source.split('\n')) {
            const [, ticks, info] = line.match(/^ *(```+)([^`]*)$/) ?? [];
            if (!fence && ticks) { fence = ticks.length; if (/ (file|name)=/.test(info)) blocks++; }
            else if (fence && ticks?.length >= fence && !info.trim()) fence = 0;
        }
        const captions = [...html.matchAll(/<figure class="code".*?<figcaption>(.*?)<\/figcaption><pre><code>(.*?)<\/code>/gs)];
        if (captions.length !== blocks) wrong(page, 'has', captions.length, 'blocks that say their file, the chapter has', blocks);
        for (const [, caption, code] of captions) {
            const [, file, line] = caption.match(/href="\.\.\/([^"#]*)\.html#L(\d+)"/) ?? [];
            const first = plain(code).split('\n').find(l => l.trim()) ?? '';
            const there = file && readFileSync(file, 'utf8').split('\n').slice(line - 1).find(l => l.trim());
            if (!file) wrong(page, 'a block without a place:', caption);
            else if (!/^\s*<</.test(first) && there.trim() !== first.trim()) wrong(page, `${file}:${line} is not`, first);
            for (const [, chunk] of plain(code).matchAll(/^\s*<<(.*)>>\s*$/gm)) {
                if (!code.includes('&lt;&lt;' + chunk.replace(/&/g, '&amp;')) || !/<a class="chunk"/.test(code)) wrong(page, 'a chunk without a link:', chunk);
            }
        }
        // What a reader loads to see the chapter, figures apart, as a host that compresses sends it.
        const first = [page, ...files.filter(file => /^site\/.*\.(css|js|svg)$/.test(file))];
        const bytes = first.reduce((sum, file) => sum + gzipSync(readFileSync(join(site, file))).length, 0);
        if (bytes > 150000) wrong(page, 'takes', bytes, 'bytes over the wire');
    }
    const start = text('index.html');
    if (!/class="button" href="chapters\/00_/.test(start)) wrong('the start page has no "Start reading"');
    for (const page of chapters) if (!start.match(/<ol class="cards">.*?<\/ol>/s)?.[0].includes(`href="${page}"`)) wrong('the start page has no card of', page);
    for (const page of chapters.slice(1, -1)) {
        const [before, after] = [-1, 1].map(step => chapters[chapters.indexOf(page) + step]);
        const ways = text(page).match(/<nav class="ways".*?<\/nav>/s)?.[0] ?? '';
        for (const other of [before, after]) {
            const title = plain(text(other).match(/<h1[^>]*>(.*?)<\/h1>/s)[1]).replace(/^\d+ · /, '');
            if (!plain(ways).includes(title)) wrong(page, 'does not name its neighbour', title);
        }
    }
    if (!chapters.every(page => /class="note"/.test(text(page)) || /^chapters\/00/.test(page))) wrong('a chapter without notes in its margin');
    for (const file of ['chapters/glossary.html', 'github/CONTRIBUTING.html', 'models/robots/index.html', 'LICENSE.html', 'src/05_masking.h.html', 'tests/test_05_masking.c.html']) if (!files.includes(file)) wrong('no page', file);
    for (const page of sources.filter(page => /^(src|notebooks_c)\/\d\d_/.test(page))) if (!/Explained in <a/.test(text(page))) wrong(page, 'does not name its chapter');
    const sizes = documents.map(page => [page, text(page).length, gzipSync(text(page)).length]);
    say('bytes of pages:', sizes.map(([page, size, zipped]) => `${page} ${size} (${zipped})`).join(', '));
    say('style and scripts:', files.filter(f => /^site\//.test(f)).map(f => `${f.slice(5)} ${text(f).length}`).join(', '));
}

// ---- Woven again: the same, but for what was asked for ------------------------------------------

function checkBuild() {
    const begun = Date.now(), again = file => readFileSync(join(work, 'again', file), 'latin1');
    const said = execFileSync('sh', ['chapters/weave.sh'], { encoding: 'utf8',
        env: { ...process.env, SITE: 'check/site/again', REPORT: 'https://example.org/new', PAGEFIND: 'none' } });
    say(`woven in ${((Date.now() - begun) / 1000).toFixed(0)} s, without a search`);
    if (!/without a search/.test(said)) wrong('without npm there is no search, and nothing says so');
    const report = again(chapters[4]).match(/<p class="report"><a href="([^"]*)"/)?.[1];
    if (report !== 'https://example.org/new?title=In%20' + encodeURIComponent(plain(text(chapters[4]).match(/<h1[^>]*>(.*?)<\/h1>/s)[1]))) wrong('a report leads to', report);
    if (list(join(work, 'again')).length !== files.length) wrong('woven again there are other files');
    for (const file of files) {
        const now = existsSync(join(work, 'again', file)) && again(file).replace(' data-search="no"', ' data-search="yes"').replace(/<p class="report">.*?<\/p>/, '');
        if (now !== readFileSync(join(site, file), 'latin1')) wrong('woven again,', file, 'is not the same');
    }
}

// ---- Browsers ----------------------------------------------------------------------------------

const puppeteer = (await import(modules + 'puppeteer-core/lib/esm/puppeteer/puppeteer-core.js')).default;
const axe = readFileSync('build/node/node_modules/axe-core/axe.min.js', 'utf8');
const program = names => {
    for (const name of names) {
        try { return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(); } catch { /* the next */ }
    }
    console.log(`none of ${names.join(', ')} is installed: make deps-dev`);
    process.exit(1);
};
const prefix = '/a/book', server = await serve(site, 0, prefix);
const host = `http://localhost:${server.address().port}`, home = host + prefix + '/';

async function open(browser) {
    const page = await browser.newPage();
    page.setDefaultTimeout(120000);
    page.on('console', message => { if (['error', 'warn'].includes(message.type())) wrong(page.url(), 'says:', message.text()); });
    page.on('pageerror', error => wrong(page.url(), 'stops:', error.message));
    page.on('request', request => { if (!/^(data|blob|about):/.test(request.url()) && !request.url().startsWith(host)) wrong(page.url(), 'asks elsewhere:', request.url()); });
    page.on('response', response => { if (response.status() >= 400) wrong(page.url(), response.status(), response.url()); });
    return page;
}

// In the page: what does not fit.
function misfits(width) {
    const out = [], root = document.documentElement, at = e => (e.closest('figure')?.querySelector('figcaption')?.textContent ?? e.textContent).slice(0, 50);
    const folds = [...document.querySelectorAll('details')];
    if (root.scrollWidth > root.clientWidth) out.push('the page scrolls sideways by ' + (root.scrollWidth - root.clientWidth));
    if (width === 1280) {
        for (const fold of folds) fold.open = true;
        // (A file with a line of more than 129 columns scrolls in its own box.)
        const long = pre => pre.closest('.listing')?.style.getPropertyValue('--columns') > 129;
        for (const pre of document.querySelectorAll('pre')) if (pre.scrollWidth > pre.clientWidth && !long(pre)) out.push('code scrolls: ' + at(pre));
        if (root.scrollWidth > root.clientWidth) out.push('with open folds the page scrolls sideways');
        for (const fold of folds) fold.open = false;
        // Lines: of whole paragraphs, without their notes.
        const lines = [];
        for (const p of document.querySelectorAll('main > p')) {
            let letters = p.textContent.length;
            for (const note of p.querySelectorAll('.note')) letters -= note.textContent.length;
            const height = p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight);
            if (height > 3.5) lines.push(letters / (Math.round(height) - 0.5));
        }
        lines.sort((a, b) => a - b);
        const middle = lines[lines.length >> 1];
        if (lines.length >= 5 && !(middle >= 60 && middle <= 75)) out.push('lines of ' + middle.toFixed(0) + ' characters');
    }
    for (const image of document.querySelectorAll('.figure img')) {
        const own = Number(image.getAttribute('width')), shown = image.getBoundingClientRect().width, box = image.closest('.figure');
        if (width === 1280 && shown < own - 0.5) out.push(`a figure of ${own} is shown at ${shown}: ${image.src}`);
        if (shown < 0.8 * own - 1) out.push(`a figure of ${own} shrinks to ${shown}`);
        if (shown > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'auto') out.push('a figure is cut: ' + image.src);
    }
    return out;
}

// In the page: letters too pale for what is under them (WCAG: 4.5, large ones 3), or too small. Each pair of
// colours is told once.
function unreadable() {
    const out = new Map();
    const channels = color => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
    const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
    const light = color => color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    function look(element, under, opacity) {
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        opacity *= Number(style.opacity);
        if (style.display === 'none' || style.visibility === 'hidden' || opacity === 0 || /^(svg|img)$/i.test(element.tagName)) return;
        const [r, g, b, a] = channels(style.backgroundColor), back = over([r, g, b, a * opacity], under);
        if (size > 0 && [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim())) {
            const [r, g, b, a] = channels(style.color), pair = [light(over([r, g, b, a * opacity], back)), light(back)].sort((x, y) => y - x);
            const ratio = (pair[0] + 0.05) / (pair[1] + 0.05), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
            if (!(ratio >= (large ? 3 : 4.5))) out.set(`a contrast of ${ratio.toFixed(2)}: ${style.color} on ${back.map(Math.round)}`, element);
            if (!(size >= 11)) out.set(`letters of ${size} px`, element);
        }
        for (const child of element.children) look(child, back, opacity);
    }
    look(document.documentElement, getComputedStyle(document.documentElement).colorScheme === 'dark' ? [0, 0, 0] : [255, 255, 255], 1);
    return [...out].map(([what, element]) => `${what}: ${element.outerHTML.slice(0, 80)}`);
}

// In the page: is its text with scripts the text without them?
async function sameText() {
    const words = main => { main.querySelectorAll('.copy').forEach(b => b.remove()); return main.textContent.replace(/\s+/g, ' ').trim().replace(/Continue[^.]*/, ''); };
    const bare = new DOMParser().parseFromString(await (await fetch(location)).text(), 'text/html');
    return words(document.querySelector('main').cloneNode(true)) === words(bare.querySelector('main'));
}

// In the page: what has moved since it began to load, the end included. (A line that is broken again when the rest of
// its paragraph has arrived is 0.001.)
function watchMoves() {
    window.moves = '';
    new PerformanceObserver(list => {
        for (const e of list.getEntries()) if (e.value > 0.002) window.moves += `${e.value}: ${e.sources[0]?.node?.parentElement?.outerHTML.slice(0, 100)} `;
    }).observe({ type: 'layout-shift', buffered: true });
}
async function allMoves() {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 3000) { scrollTo(0, y); await new Promise(requestAnimationFrame); }
    await new Promise(r => setTimeout(r, 100));
    return window.moves;
}

// The page without the marks in its code: thousands, and unreadable() has looked at the colour of each. axe's own look
// at colours, the slowest of its rules, is for one width.
async function unaided(page, what, colours) {
    await page.evaluate(() => { for (const code of document.querySelectorAll('pre code')) { code.querySelectorAll('i').forEach(i => i.replaceWith(...i.childNodes)); code.normalize(); } });
    await page.evaluate(axe);
    const violations = await page.evaluate(async enabled => (await axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled } } }))
        .violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 120), v.nodes[0].failureSummary?.split('\n')[1] ?? '']), colours);
    for (const v of violations) wrong(what, 'axe:', ...v);
}
const media = (page, scheme, motion = 'reduce') => page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: motion }]);

// Files' pages are all made by one module, and their text has been compared without a browser. Those are shown on
// which most can go wrong: the longest name, the longest line, the most lines, one of each language and folder.
const most = measure => sources.reduce((a, b) => measure(b) > measure(a) ? b : a);
const sample = [...new Set([most(page => page.length), most(columns), most(page => columns(page) <= 129 ? columns(page) : 0), most(page => text(page).length),
    ...new Map(sources.map(page => [page.match(/[^./]*\.html$/)[0], page])).values(), ...new Map(sources.map(page => [dirname(page), page])).values()])];
function columns(page) { return Number(text(page).match(/--columns:(\d+)/)?.[1] ?? 0); }

// Each page is loaded twice, in one of two browsers, wide and narrow; what else there is to try is tried in place.
const widths = [[[1280, 900], [768, 1024]], [[390, 844]]];

async function checkPages(browser, half) {
    const page = await open(browser);
    await page.evaluateOnNewDocument(watchMoves);
    for (const address of [...documents, ...sample].filter(looked).filter((_, i) => i % 2 === half)) {
        for (const sizes of widths) {
            at = address;
            await page.setViewport({ width: sizes[0][0], height: sizes[0][1] });
            await media(page, 'light');
            await page.goto(home + address);
            const moved = await page.evaluate(allMoves);
            if (moved) wrong(address, `moves while it loads at ${sizes[0][0]}: ${moved}`);
            for (const [width, height] of sizes) {
                await page.setViewport({ width, height });
                const tall = await page.evaluate(() => document.documentElement.scrollHeight);
                for (const what of await page.evaluate(misfits, width)) wrong(address, width + ':', what);
                if (width === 768) continue; // the colours of 390
                for (const scheme of ['dark', 'light']) {
                    await media(page, scheme);
                    for (const what of await page.evaluate(unreadable)) wrong(address, `${width} ${scheme}:`, what);
                    if (await page.evaluate(() => document.documentElement.scrollHeight) !== tall) wrong(address, `${width}: in the dark it is not as tall as in the light`);
                }
            }
            if (sizes.length > 1 && !await page.evaluate(sameText)) wrong(address, 'has another text with JavaScript');
            await page.setViewport({ width: sizes[0][0], height: sizes[0][1] });
            await page.evaluate(() => { scrollTo(0, 0); dispatchEvent(new Event('resize')); });
            if (documents.includes(address) || sample.indexOf(address) < 4) await unaided(page, `${address} ${sizes[0][0]}`, sizes.length > 1);
        }
    }
    await page.close();
}

// Firefox cannot be told in place what the system prefers; a reader's choice is the same colours. What the system
// prefers is tried on one page, by a preference at launch.
async function checkFirefox(browser) {
    const page = await open(browser);
    for (const address of [...documents, ...sample.slice(0, 4)].filter(looked)) {
        at = address;
        await page.setViewport({ width: 1280, height: 900 });
        await page.goto(home + address);
        for (const [width, height] of widths.flat()) {
            await page.setViewport({ width, height });
            for (const what of await page.evaluate(misfits, width)) wrong('Firefox', address, width + ':', what);
        }
        for (const scheme of ['light', 'dark']) {
            await page.evaluate(scheme => { document.documentElement.dataset.theme = scheme; }, scheme);
            for (const what of await page.evaluate(unreadable)) wrong('Firefox', address, scheme + ':', what);
        }
    }
    await page.close();
}
async function checkPreferences(browser, scheme) {
    const page = await open(browser);
    await page.goto(home + chapters[5]);
    const [dark, ground, filter, still] = await page.evaluate(() => [matchMedia('(prefers-color-scheme: dark)').matches,
        getComputedStyle(document.body).backgroundColor.match(/\d+/g).every(c => c < 64), getComputedStyle(document.querySelector('.figure img')).filter,
        getComputedStyle(document.documentElement).scrollBehavior]);
    if (dark !== (scheme === 'dark') || ground !== dark || (filter !== 'none') !== dark) wrong('Firefox is not', scheme + ':', dark, ground, filter);
    if (still !== 'auto') wrong('Firefox scrolls smoothly for who wants no motion');
    await page.close();
}

// ---- Using it ------------------------------------------------------------------------------------

// The phrases, and where they are to be found.
const phrases = {
    temperature: '10_', softmax: '04_', 'mask of heads': '06_', 'residual stream': '08_', 'byte pair encoding': '01_', GELU: '07_',
    'key/value cache': '11_', AdamW: '14_', 'top-k': '10_', safetensors: '02_',
};
const pause = ms => new Promise(done => setTimeout(done, ms));

async function checkUse(browser, name) {
    const page = await open(browser), here = path => page.url() === home + path;
    const go = async path => { await page.goto(home + path); await page.bringToFront(); };
    const turn = async act => { await Promise.all([page.waitForNavigation(), act()]); };
    // What a busy machine does later than at once.
    const soon = (condition, ...more) => page.waitForFunction(condition, { timeout: 20000 }, ...more).then(() => true, () => false);
    const is = (condition, ...what) => { if (!condition) wrong(name + ':', ...what, '(at ' + page.url() + ')'); };
    const [one, two, three] = chapters.slice(3, 6);
    if (name === 'Chromium') await media(page, 'light');
    await page.setViewport({ width: 1280, height: 900 });

    // Keys.
    await go(two);
    await page.keyboard.press('Tab');
    is(await page.evaluate(() => document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().top >= 0), 'Tab does not show the skip link');
    await turn(() => page.keyboard.press('ArrowRight'));
    is(here(three), 'ArrowRight does not lead on');
    await turn(() => page.keyboard.press('ArrowLeft'));
    is(here(two), 'ArrowLeft does not lead back');
    for (let i = 0, seen = new Set(); i < 400; i++) {
        await page.keyboard.press('Tab');
        const now = await page.evaluate(() => {
            const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
            return e === document.body ? null : { words: e.outerHTML.slice(0, 80), seen: box.width > 0, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
        });
        if (!now) break;
        if (!now.seen || !now.outline) is(false, 'a stop of Tab that is not to be seen:', now.words);
        seen.add(now.words);
    }

    // The eye, and the way back to where one was.
    await go(two);
    const ids = await page.evaluate(() => [...document.querySelectorAll('main h2')].map(h => h.id));
    await page.evaluate(id => document.getElementById(id).scrollIntoView(), ids[3]);
    is(await soon(hash => document.querySelector('#side .sections [aria-current]')?.hash === hash, '#' + ids[3]), 'the contents do not follow the eye');
    const y = await page.evaluate(() => scrollY);
    await turn(() => page.evaluate(() => document.querySelector('a.term[href], .ways .next').click()));
    const left = page.url();
    await page.evaluate(() => { setTimeout(() => history.back()); });
    for (let i = 0; i < 100 && page.url() === left; i++) await pause(100);
    is(await soon(y => Math.abs(scrollY - y) < 5, y), 'back does not lead to where one was:', y, await page.evaluate(() => scrollY));
    await go('index.html');
    is(await page.evaluate(() => document.querySelector('a.again').hidden) === false, 'the start page does not offer to continue');
    await turn(() => page.click('a.again'));
    is(here(two + '#' + ids[3]), 'continue does not lead to where one was');

    // A figure.
    await go(two);
    await page.evaluate(() => document.querySelector('a.picture').scrollIntoView());
    await pause(200);
    const small = await page.evaluate(() => ({ y: scrollY, width: document.querySelector('a.picture img').clientWidth }));
    await page.click('a.picture');
    await page.waitForSelector('dialog.large[open] img');
    is(await soon(width => document.querySelector('dialog img').clientWidth > width, small.width), 'a figure does not open larger');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    is(await soon(() => !document.querySelector('dialog[open]') && document.activeElement.className === 'picture'), 'Escape does not close the figure');
    is(here(two) && await page.evaluate(() => scrollY) === small.y, 'the page moved while a figure was open');

    // On a phone it can be larger still.
    await page.setViewport({ width: 390, height: 780 });
    await page.evaluate(() => document.querySelector('a.picture').click());
    const whole = await page.evaluate(() => document.querySelector('dialog img').clientWidth);
    is(whole <= 390 && whole > 340, 'an opened figure does not fill a phone:', whole);
    await page.click('dialog .more');
    is(await soon(() => { const image = document.querySelector('dialog img'); return image.clientWidth > image.naturalWidth && image.parentElement.scrollWidth > image.parentElement.clientWidth; }), 'a figure cannot be made larger on a phone');
    await page.keyboard.press('Escape');
    is(await soon(() => !document.querySelector('dialog[open]')), 'Escape does not close the larger figure');
    await page.setViewport({ width: 1280, height: 900 });

    // Light and dark, kept.
    await page.click('button.theme');
    const chosen = await page.evaluate(() => document.documentElement.dataset.theme);
    await go(three);
    const [kept, filter, back] = await page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.querySelector('.figure img')).filter, getComputedStyle(document.body).backgroundColor]);
    is(kept === chosen, 'the choice of light or dark is not kept');
    is(chosen !== 'dark' || filter.startsWith('brightness(0.8') && /^rgb\((\d\d?, ){2}/.test(back), 'dark is not dark:', filter, back);
    await page.click('button.theme');

    // A solution stays closed, even if a link leads to it.
    const closed = await page.evaluate(() => document.querySelector('details[id]').id);
    await go(two);
    await go(three + '#' + closed);
    await pause(200);
    is(await page.evaluate(() => !document.querySelector('details[open]')), 'a fold opens by itself');

    // Copying.
    if (name === 'Chromium') await browser.defaultBrowserContext().overridePermissions(host, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
    await page.evaluate(() => document.querySelector('figure.console').scrollIntoView());
    await page.click('figure.console .copy');
    is(await soon(() => document.querySelector('figure.console .copy').textContent === 'Copied'), 'a block is not copied');
    if (name === 'Chromium') is(/^build\/|^make /.test(await page.evaluate(() => navigator.clipboard.readText())), 'what is copied of a terminal is not the command');

    // Searching, by key alone.
    await go(one);
    const search = async phrase => {
        await page.keyboard.press('/');
        await page.waitForSelector('dialog.search[open]');
        await page.evaluate(() => { const i = document.querySelector('.search input'); i.value = ''; i.dispatchEvent(new Event('input')); });
        await page.keyboard.type(phrase);
        await page.waitForFunction(() => /pages|Nothing/.test(document.querySelector('.search [role=status]').textContent));
    };
    for (const [phrase, want] of Object.entries(phrases)) {
        await search(phrase);
        const found = await page.evaluate(() => [...document.querySelectorAll('.search ol a')].map(a => a.href));
        is(found.some(href => href.startsWith(home + 'chapters/' + want)), 'the search does not find', phrase, found.join(' '));
        await page.keyboard.press('Escape');
        await pause(50);
    }
    await search('temperature');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    const target = await page.evaluate(() => document.activeElement.href);
    is(target?.startsWith(home), 'ArrowDown does not lead to what was found');
    await unaided(page, 'the search', true);
    if (new URL(target).pathname !== new URL(page.url()).pathname) await turn(() => page.keyboard.press('Enter'));
    is(page.url() === target, 'Enter does not lead to what was found:', target);

    // A narrow screen: the drawer, and a note.
    await page.setViewport({ width: 390, height: 844 });
    await go(two);
    await page.click('button.contents');
    is(await page.evaluate(() => document.getElementById('side').getBoundingClientRect().left === 0 && document.getElementById('side').matches(':popover-open')), 'the drawer does not open');
    await page.keyboard.press('Escape');
    is(await page.evaluate(() => !document.getElementById('side').matches(':popover-open')), 'Escape does not close the drawer');
    await page.evaluate(() => document.querySelector('a.term').scrollIntoView({ block: 'center' }));
    await page.click('a.term');
    is(await page.evaluate(() => document.querySelector('.note:popover-open')?.getBoundingClientRect().bottom <= innerHeight + 1), 'a tap does not show the note');
    is(here(two), 'a tap on a word leaves the page');

    // Without JavaScript.
    await page.setJavaScriptEnabled?.(false).catch(() => {});
    if (name === 'Chromium') {
        await page.setViewport({ width: 390, height: 844 });
        await go(two);
        await page.click('button.contents');
        is(await page.evaluate(() => document.getElementById('side').matches(':popover-open')), 'without JavaScript the drawer does not open');
        await page.keyboard.press('Escape');
        await page.setViewport({ width: 1280, height: 900 });
        is(await page.evaluate(() => getComputedStyle(document.querySelector('.note')).display !== 'none' && document.querySelector('#side').getBoundingClientRect().width > 200), 'without JavaScript the list or the notes are not seen');
        is(await page.evaluate(() => [...document.querySelectorAll('button')].every(b => b.hidden || b.className === 'contents')), 'without JavaScript there are buttons that do nothing');
        await turn(() => page.click('a.picture'));
        is(page.url().endsWith('.svg'), 'without JavaScript a figure does not open');
    }
    await page.close();
}

// ---- Paper -----------------------------------------------------------------------------------------

async function checkPaper(browser) {
    const page = await open(browser);
    await page.setViewport({ width: 1280, height: 900 });
    for (const address of chapters.slice(4, 6).concat(chapters.at(-2))) {
        await page.goto(home + address);
        await page.evaluate(async () => {
            for (const image of document.images) { image.loading = 'eager'; await image.decode(); }
            for (const fold of document.querySelectorAll('details')) fold.open = true;
        });
        await page.emulateMediaType('print');
        const seen = await page.evaluate(() => [...document.querySelectorAll('nav, .bar, .copy, .anchor, .note, details > :not(summary)')].find(e => e.getBoundingClientRect().height > 0)?.outerHTML.slice(0, 80));
        if (seen) wrong(address, 'prints:', seen);
        const cut = await page.evaluate(() => [...document.querySelectorAll('.figure')].find(f => getComputedStyle(f).breakInside !== 'avoid' || f.querySelector('img').getBoundingClientRect().height > 0.8 * 247 * 96 / 25.4)?.querySelector('img').src);
        if (cut) wrong(address, 'may cut a figure:', cut);
        const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
        writeFileSync(join(work, address.replace(/.*\//, '').replace('html', 'pdf')), pdf);
        const count = Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        say(`${address} prints on ${count} pages, ${pdf.length} bytes`);
        if (!(count >= 12 && count <= 20)) wrong(address, 'prints on', count, 'pages');
        if (pdf.length > 10e6) wrong(address, 'prints as', pdf.length, 'bytes');
        await page.emulateMediaType('screen');
    }
    await page.close();
}

// ---- The film on the start page ---------------------------------------------------------------------

// It moves, but not for who wants no motion. (What is emulated in a page does not reach its images: the browser is
// launched so.)
async function checkFilm(browser, name, still) {
    const page = await open(browser);
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(home);
    const film = await page.waitForSelector('img[src$="film.svg"]');
    await page.evaluate(async image => { image.scrollIntoView(); await image.decode(); }, film);
    const pictures = async () => {
        const seen = new Set();
        for (let i = 0; i < 4; i++) {
            await pause(1700);
            seen.add(createHash('sha256').update(await film.screenshot()).digest('hex'));
        }
        return seen.size;
    };
    const seen = await pictures();
    if ((seen === 1) !== still) wrong(name, still ? 'without motion' : 'with motion', 'the film shows', seen, 'pictures');
    if (!still) {
        await page.click('button.pause');
        if (await pictures() !== 1) wrong(name, 'a paused film moves');
    }
    await page.close();
}

// ---- All of it -----------------------------------------------------------------------------------

const chromium = (...more) => puppeteer.launch({ executablePath: program(['chromium', 'chromium-browser', 'google-chrome']), args: ['--disable-gpu', '--disable-dev-shm-usage', ...more, ...process.getuid() ? [] : ['--no-sandbox']], protocolTimeout: 300000 });
const firefox = scheme => puppeteer.launch({
    browser: 'firefox', executablePath: program(['firefox-esr', 'firefox']), protocolTimeout: 300000,
    extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1, 'ui.prefersReducedMotion': 1, 'dom.events.testing.asyncClipboard': true,
        // (A page that is kept does not load again, and what drives the browser waits for that.)
        'browser.sessionhistory.max_total_viewers': 0 },
});

// Each part in its turn, both browsers side by side; a part that fails is told, and the next begins.
async function part(name, act) {
    if (!wanted(name)) return;
    const begun = Date.now();
    try { await act(); } catch (error) { wrong(name, 'did not end, at', at + ':', error.message); }
    say(`${name}: ${((Date.now() - begun) / 1000).toFixed(0)} s`);
}
async function inBrowser(name, launch, ...acts) {
    if (!acts.some(([part]) => wanted(part))) return;
    const browser = await launch();
    for (const [name, act] of acts) await part(name, () => act(browser));
    await browser.close();
}
setTimeout(() => {
    say(`not ended within ${limit} minutes, at ${at}; ${bad} things wrong so far. On a busy machine: LIMIT=60 make check-site`);
    process.exit(1);
}, limit * 60000).unref();

await part('build', checkBuild);
await part('files', checkFiles);
await Promise.all([
    inBrowser('Chromium', () => chromium(), ['use', browser => checkUse(browser, 'Chromium')], ['film', browser => checkFilm(browser, 'Chromium', false)],
        ['pages', browser => checkPages(browser, 0)]),
    inBrowser('Chromium', () => chromium('--force-prefers-reduced-motion'), ['film', browser => checkFilm(browser, 'Chromium', true)], ['paper', checkPaper],
        ['pages', browser => checkPages(browser, 1)]),
    inBrowser('Firefox', () => firefox('light'), ['firefox', checkFirefox], ['firefox-use', browser => checkUse(browser, 'Firefox')],
        ['film', browser => checkFilm(browser, 'Firefox', true)], ['firefox', browser => checkPreferences(browser, 'light')]).then(() =>
        inBrowser('Firefox', () => firefox('dark'), ['firefox', browser => checkPreferences(browser, 'dark')])),
]);
server.close();
say(`${pages.length} pages, ${bad} things wrong`);
process.exitCode = bad ? 1 : 0;
