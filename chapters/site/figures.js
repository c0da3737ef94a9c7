// A click on a figure opens it as large as the window; a click or Escape closes it. Without this the SVG itself opens.
let dialog;
for (const link of document.querySelectorAll('a.picture')) {
    link.addEventListener('click', event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (!dialog) {
            dialog = document.createElement('dialog');
            dialog.className = 'large';
            dialog.innerHTML = '<button>Close</button><img alt="">';
            dialog.addEventListener('click', () => dialog.close());
            dialog.addEventListener('close', () => dialog.opener.focus({ preventScroll: true }));
            document.body.append(dialog);
        }
        const small = link.querySelector('img'), large = dialog.querySelector('img');
        large.src = link.href;
        large.alt = small.alt;
        large.style.aspectRatio = small.width + ' / ' + small.height;
        dialog.style.setProperty('--shape', small.getAttribute('width') / small.getAttribute('height'));
        dialog.setAttribute('aria-label', 'The figure, large');
        dialog.opener = link;
        dialog.showModal();
    });
}
