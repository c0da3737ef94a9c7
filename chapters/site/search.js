// The search: "/" or Ctrl-K opens it, arrows and Enter choose. Its index is pagefind's, read when it is first opened.
import { typing } from './reading.js';

const { top, search } = document.documentElement.dataset;
let dialog, input, list, says, pagefind, asked = 0;

// "mask of heads" asks for two words; "of" alone for one.
const small = new Set('a an and are as at by for from how i in is it of on or that the this to what when why with you'.split(' '));
const asks = text => text.split(/\s+/).filter((word, _, all) => !small.has(word.toLowerCase()) || all.every(w => small.has(w.toLowerCase()))).join(' ');
// How much of what is asked for is in a part of a page; headings count for more.
const weight = part => part.weighted_locations.reduce((sum, at) => sum + at.weight, 0);

async function find() {
    const words = asks(input.value.trim()), turn = ++asked;
    says.textContent = words && 'Searching';
    const found = words ? await (await pagefind).debouncedSearch(words, {}, 150) : { results: [] };
    if (!found || turn !== asked) return; // one types on
    const pages = await Promise.all(found.results.slice(0, 8).map(result => result.data()));
    if (turn !== asked) return;
    list.replaceChildren();
    for (const page of pages) {
        for (const part of page.sub_results.sort((a, b) => weight(b) - weight(a)).slice(0, 2)) {
            const item = document.createElement('li'), link = document.createElement('a'), where = document.createElement('p');
            link.href = part.url;
            link.textContent = page.meta.title + (part.title !== page.meta.title ? ' — ' + part.title.replace(/ #$/, '') : '');
            where.innerHTML = part.excerpt; // pagefind's: escaped text with <mark>
            link.append(where);
            item.append(link);
            list.append(item);
        }
    }
    says.textContent = !words ? '' : pages.length ? found.results.length + ' pages' : 'Nothing found';
}

function open() {
    if (!dialog) {
        dialog = document.createElement('dialog');
        dialog.className = 'search';
        dialog.setAttribute('aria-label', 'Search');
        dialog.innerHTML = '<input type="search" aria-label="Search the book" placeholder="Search the book" autocomplete="off">' +
            '<p role="status"></p><ol></ol>';
        [input, says, list] = dialog.children;
        document.body.append(dialog);
        const base = new URL(top || './', location.href);
        pagefind = import(new URL('pagefind/pagefind.js', base)).then(async module => {
            await module.options({ baseUrl: base.pathname, excerptLength: 16 });
            return module;
        });
        pagefind.catch(() => { says.textContent = 'The search needs the book to be served: make serve'; });
        input.addEventListener('input', find);
        dialog.addEventListener('click', event => { if (event.target === dialog || event.target.closest('a')) dialog.close(); });
        dialog.addEventListener('keydown', event => {
            const stops = [input, ...list.querySelectorAll('a')], at = stops.indexOf(document.activeElement);
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step) {
                event.preventDefault();
                stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
            } else if (event.key === 'Enter' && document.activeElement === input) stops[1]?.click();
        });
    }
    document.getElementById('side').hidePopover?.();
    dialog.showModal();
    input.select();
}

if (search === 'yes') {
    for (const button of document.querySelectorAll('button.find')) {
        button.hidden = false;
        button.addEventListener('click', open);
    }
    addEventListener('keydown', event => {
        const slash = event.key === '/' && !typing(event.target), k = event.key === 'k' && (event.ctrlKey || event.metaKey);
        if ((slash || k) && !document.querySelector('dialog[open]')) {
            event.preventDefault();
            open();
        }
    });
}
