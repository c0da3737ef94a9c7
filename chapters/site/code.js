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

// What scrolls sideways can be reached by key, and says what it is.
const wide = document.querySelectorAll('pre, .table, .figure');
function reachable() {
    for (const box of wide) {
        if (box.scrollWidth > box.clientWidth) {
            box.tabIndex = 0;
            box.setAttribute('role', 'group');
            box.setAttribute('aria-label', 'Scrolls sideways');
        } else if (box.tabIndex === 0) {
            box.removeAttribute('tabindex');
            box.removeAttribute('role');
            box.removeAttribute('aria-label');
        }
    }
}
addEventListener('resize', reachable);
reachable();
document.addEventListener('toggle', reachable, true);
