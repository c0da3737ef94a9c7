-- What the book consists of, and where each part lies in the site. The other modules ask here.
local book = {}

-- From weave.sh: the list of files, the site's folder, where mistakes are reported, is there a search?
book.out = os.getenv 'BOOK_OUT'
book.report = os.getenv 'BOOK_REPORT' or ''
book.search = os.getenv 'BOOK_SEARCH' == 'yes'

function book.read(path)
    local file = io.open(path, 'rb')
    if not file then return nil end
    local text = file:read('a')
    file:close()
    return text
end

function book.write(path, text)
    local file = assert(io.open(book.out .. '/' .. path, 'wb'))
    file:write(text)
    file:close()
end

-- What cannot be woven ends the build, in one line.
function book.fail(...)
    io.stderr:write('book: ', ..., '\n')
    os.exit(1)
end

function book.escape(text)
    return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

function book.directory(path) return path:match '^(.*)/[^/]*$' or '' end

-- A word in an address: small letters, digits and hyphens.
function book.slug(text)
    return (text:lower():gsub('[^%w\128-\255]+', '-'):gsub('^%-+', ''):gsub('%-+$', ''))
end

-- ---- The files ----------------------------------------------------------------------------

book.files, book.known, book.folders = {}, {}, { [''] = true }
for path in assert(book.read(os.getenv 'BOOK_FILES'), 'no list of files'):gmatch '[^\n]+' do
    book.files[#book.files + 1] = path
    book.known[path] = true
    local folder = book.directory(path)
    while not book.folders[folder] do
        book.folders[folder] = true
        folder = book.directory(folder)
    end
end

-- Files that get a page of their own, with the language of their highlighting.
local languages = {
    c = 'c', h = 'c', sh = 'sh', awk = 'sh', gp = 'gnuplot', py = 'python', lua = 'lua', mjs = 'js', js = 'js', css = 'css',
    yml = 'sh', html = 'text', grammar = 'text', Makefile = 'make', LICENSE = 'text',
}
function book.language(path)
    return languages[path:match '%.(%w+)$' or path:match '[^/]*$']
end

book.documents, book.chapters = {}, {}
for _, path in ipairs(book.files) do
    if path:match '%.md$' then table.insert(book.documents, path) end
    if path:match '^chapters/%d%d_[^/]*%.md$' then table.insert(book.chapters, path) end
end

-- number("src/05_masking.c"): 5; the chapter that a file belongs to is that of its number.
function book.number(path)
    return tonumber(path:match '^chapters/(%d%d)_' or path:match '^src/(%d%d)_' or path:match '^notebooks_c/(%d%d)_' or
        path:match '^figures/(%d%d)_' or path:match '^tests/%a+_(%d%d)_' or path:match '^tests/%a+/(%d%d)_' or
        path:match '^tests/bench_(%d%d)')
end
function book.chapter_of(path)
    local number = book.number(path)
    for _, chapter in ipairs(book.chapters) do
        if number and book.number(chapter) == number then return chapter end
    end
end

-- title(DOCUMENT): its first heading, without marks.
local titles = {}
function book.title(path)
    if not titles[path] then
        local text = '\n' .. book.read(path)
        titles[path] = (text:match '\n# ([^\n]+)' or path):gsub('`', '')
    end
    return titles[path]
end

-- ---- Addresses ----------------------------------------------------------------------------

-- page(FILE): the address of what shows it, seen from the site's top. (Hosts hide names that begin with a dot.)
function book.page(path)
    local address = path:gsub('^%.', '')
    if path:match 'README%.md$' then return (address:gsub('README%.md$', 'index.html')) end
    if path:match '%.md$' then return (address:gsub('md$', 'html')) end
    if book.folders[path] then
        if book.known[path .. '/README.md'] then return address .. '/index.html' end
        return path == '' and 'index.html' or 'files.html#' .. book.slug(path)
    end
    if book.language(path) then return address .. '.html' end
    return address
end

-- top(PAGE): the way from it to the site's top.
function book.top(page) return (('../'):rep(select(2, page:gsub('/', '')))) end

-- resolve(FILE, LINK): the link of a Markdown file, as its page has to have it, and the file it leads to.
function book.resolve(from, link)
    if link:match '^%a[%w+.-]*:' or link:match '^//' or link:match '^#' then return link end
    local path, anchor = link:match '^([^#]*)(.*)$'
    local parts = {}
    for part in (book.directory(from) .. '/' .. path):gmatch '[^/]+' do
        if part == '..' then
            if #parts == 0 then book.fail(from, ': a link leads out of the book: ', link) end
            table.remove(parts)
        elseif part ~= '.' then
            table.insert(parts, part)
        end
    end
    local file = table.concat(parts, '/')
    local page = book.page(file)
    if page:match '#' then anchor = '' end
    return book.top(book.page(from)) .. page .. anchor, file
end

-- copy(FILE): what has no page goes to the site as it is.
function book.copy(path)
    local text = book.read(path)
    if text then book.write(book.page(path), text) end
    return text
end

return book
