// Words of the glossary: their notes are in the margin. On a narrow screen a tap on the word shows the note;
// without this the word leads to the glossary.
const margin = matchMedia('(min-width: 75rem)');
for (const term of document.querySelectorAll('a.term')) {
    term.addEventListener('click', event => {
        if (margin.matches || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        term.nextElementSibling.showPopover();
    });
}
