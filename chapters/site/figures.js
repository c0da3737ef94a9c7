// A click on a figure opens it as large as the window; a click or Escape closes it. Where the window is narrower than the
// figure, it can be made larger still, and moved. Without this the SVG itself opens.
let dialog;
function makeDialog() {
    dialog = document.createElement('dialog');
    dialog.className = 'large';
    dialog.innerHTML = '<p><button class="more">Larger</button> <button>Close</button></p><div><img alt=""></div>';
    dialog.addEventListener('click', event => {
        if (!event.target.closest('.more')) return dialog.close();
        const larger = dialog.classList.toggle('larger');
        event.target.textContent = larger ? 'Smaller' : 'Larger';
    });
    dialog.addEventListener('close', () => dialog.opener.focus({ preventScroll: true }));
    document.body.append(dialog);
}
for (const link of document.querySelectorAll('a.picture')) {
    const small = link.querySelector('img'), width = small.getAttribute('width'), height = small.getAttribute('height');
    link.addEventListener('click', event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (!dialog) makeDialog();
        const large = dialog.querySelector('img'), more = dialog.querySelector('.more');
        large.src = small.src;
        large.alt = small.alt;
        large.style.aspectRatio = width + ' / ' + height;
        dialog.style.setProperty('--shape', width / height);
        dialog.style.setProperty('--own', width + 'px');
        dialog.setAttribute('aria-label', 'The figure, large');
        dialog.classList.remove('larger');
        more.textContent = 'Larger';
        dialog.opener = link;
        dialog.showModal();
        more.hidden = large.clientWidth >= width;
        dialog.querySelector('button:not([hidden])').focus();
    });
    // A film can be stopped: its last frame stays.
    if (!small.getAttribute('src').endsWith('film.svg') || matchMedia('(prefers-reduced-motion: reduce)').matches) continue;
    const button = document.createElement('button'), moving = small.src;
    button.className = 'pause';
    button.textContent = 'Pause';
    button.style.setProperty('--own', width + 'px');
    button.addEventListener('click', () => {
        const still = small.src === moving;
        small.src = still ? moving + '#still' : moving;
        button.textContent = still ? 'Play' : 'Pause';
    });
    link.after(button);
}
