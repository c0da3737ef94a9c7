// Finding one's way: the section that is read, how far one is, arrow keys, light and dark, where one was.
import { kept, keep } from './keep.js';

const root = document.documentElement;
const top = root.dataset.top;

// ---- Light and dark ----
const dark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
const theme = document.querySelector('button.theme');
const name = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
theme.hidden = false;
theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    keep('theme', root.dataset.theme);
    name();
});
dark.addEventListener('change', name);
name();

// ---- The section that is read, and how far one is ----
const links = [...document.querySelectorAll('#side .sections a')];
const headings = links.map(a => document.getElementById(decodeURIComponent(a.hash.slice(1))));
const chapter = document.querySelector('.chapters [aria-current]');
export let heading = null;

function follow() {
    const far = root.scrollHeight - innerHeight;
    root.style.setProperty('--read', far > 0 ? Math.min(1, scrollY / far) : 1);
    heading = null;
    headings.forEach((h, i) => { if (h && h.getBoundingClientRect().top < innerHeight / 3) heading = links[i]; });
    for (const a of links) {
        if (a !== heading) a.removeAttribute('aria-current');
        else if (!a.hasAttribute('aria-current')) {
            a.setAttribute('aria-current', 'location');
            const side = a.closest('nav'), box = a.getBoundingClientRect(), edge = side.getBoundingClientRect();
            if (box.top < edge.top || box.bottom > edge.bottom) side.scrollTop += box.top - edge.top - edge.height / 2;
        }
    }
    if (chapter) {
        const where = heading ? ', ' + heading.textContent : '';
        keep('reading', JSON.stringify({ address: location.pathname + (heading?.hash ?? ''), title: chapter.textContent + where }));
    }
}
let waiting = false;
const soon = () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; follow(); });
    waiting = true;
};
addEventListener('scroll', soon, { passive: true });
addEventListener('resize', soon);
follow();
// The list shows the chapter one is in.
const side = document.getElementById('side');
side.addEventListener('toggle', () => chapter?.scrollIntoView({ block: 'nearest' }));
if (chapter && side.scrollHeight > side.clientHeight) side.scrollTop = chapter.offsetTop - 80;
side.addEventListener('click', event => { if (event.target.closest('.sections a') && side.matches(':popover-open')) side.hidePopover(); });

// ---- The start page knows where one was ----
const again = document.querySelector('a.again'), last = JSON.parse(kept('reading') ?? 'null');
if (again && last) {
    again.href = last.address;
    again.textContent = 'Continue: ' + last.title;
    again.hidden = false;
}

// ---- Arrow keys: the chapter before, the next one ----
export const typing = element => element.closest?.('input, textarea, select, dialog, [contenteditable]');
const scrolls = element => element.scrollWidth > element.clientWidth && element !== root && element !== document.body;
addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
    const way = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
    if (!way || scrolls(event.target) || document.querySelector('dialog[open], :popover-open')) return;
    document.querySelector('a[rel=' + way + ']')?.click();
});

// ---- A report names the heading ----
document.querySelector('.report a')?.addEventListener('click', event => {
    if (heading) event.currentTarget.href += encodeURIComponent(', “' + heading.textContent + '”');
}, { once: true });
