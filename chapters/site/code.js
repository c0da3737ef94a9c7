// A button on each block that copies it; of what a terminal shows, the commands.
for (const figure of document.querySelectorAll('figure.code, figure.console')) {
    const button = document.createElement('button');
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
        const commands = [...figure.querySelectorAll('code > b')].map(b => b.textContent.replace(/^[$>] /, ''));
        const text = commands.length ? commands.join('\n') : figure.querySelector('code').textContent;
        try {
            await navigator.clipboard.writeText(text);
            button.textContent = 'Copied';
        } catch {
            button.textContent = 'Not allowed';
        }
        setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    figure.querySelector('figcaption').append(button);
}

// What scrolls sideways can be reached by key, and says what it is. (All is measured before anything is changed: a
// browser lays the page out again when it is asked after a change.)
const wide = [...document.querySelectorAll('pre, .table, .figure')];
function reachable() {
    const scrolls = wide.map(box => box.scrollWidth > box.clientWidth);
    wide.forEach((box, i) => {
        if (scrolls[i] === (box.tabIndex === 0)) return;
        if (scrolls[i]) {
            box.tabIndex = 0;
            box.setAttribute('role', 'group');
            box.setAttribute('aria-label', 'Scrolls sideways');
        } else {
            box.removeAttribute('tabindex');
            box.removeAttribute('role');
            box.removeAttribute('aria-label');
        }
    });
}
let waiting = false;
const soon = () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; reachable(); });
    waiting = true;
};
addEventListener('resize', soon);
reachable();
document.addEventListener('toggle', soon, true);
