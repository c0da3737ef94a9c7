// What the pages do besides being read. Each module finds its own elements, and does nothing where there are none.
import './reading.js';
import './code.js';
import './figures.js';
import './notes.js';
import './search.js';
