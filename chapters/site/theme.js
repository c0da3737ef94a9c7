// The reader's choice of light or dark, before anything is drawn. Without one, the system's.
try {
    const theme = localStorage.getItem('theme');
    if (theme) document.documentElement.dataset.theme = theme;
} catch { /* a browser that keeps nothing */ }
