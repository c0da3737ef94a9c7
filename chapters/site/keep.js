// What the browser keeps for the reader; one that keeps nothing is no error.
export function kept(name) {
    try { return localStorage.getItem(name); } catch { return null; }
}
export function keep(name, value) {
    try { localStorage.setItem(name, value); } catch { /* then not */ }
}
