// Shows a folder on this machine:  node chapters/site/serve.mjs [FOLDER [PORT [PREFIX]]]
// Only this machine can see it. PREFIX, /book for one, puts it below a sub-path, as a host may.
import { createServer } from 'node:http';
import { createReadStream, realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const types = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
    '.svg': 'image/svg+xml', '.json': 'application/json', '.wasm': 'application/wasm',
};

export function serve(folder, port, prefix = '') {
    const top = realpathSync(folder);
    const server = createServer((request, response) => {
        const no = (status, text) => { response.writeHead(status, { 'Content-Type': 'text/plain' }); response.end(text + '\n'); };
        try {
            const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
            if (request.method !== 'GET' && request.method !== 'HEAD') return no(405, 'only GET');
            if (!path.startsWith(prefix + '/')) return no(404, 'not here');
            let file = realpathSync(join(top, path.slice(prefix.length)));
            if (file !== top && !file.startsWith(top + sep)) return no(404, 'not here');
            if (statSync(file).isDirectory()) {
                if (!path.endsWith('/')) { response.writeHead(301, { Location: path + '/' }); return response.end(); }
                file = join(file, 'index.html');
            }
            response.writeHead(200, {
                'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Length': statSync(file).size,
                'Cache-Control': 'no-cache',
            });
            if (request.method === 'HEAD') return response.end();
            createReadStream(file).on('error', () => response.destroy()).pipe(response);
        } catch {
            no(404, 'not here');
        }
    });
    return new Promise((done, failed) => server.on('error', failed).listen(port, '127.0.0.1', () => done(server)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
    const [folder = 'build/book', port = '8000', prefix] = process.argv.slice(2);
    serve(folder, Number(port), prefix).then(
        () => console.log(`http://localhost:${port}${prefix ?? ''}/  (Ctrl-C ends it)`),
        error => { console.error(`serve: ${error.message}`); process.exitCode = 1; });
}
