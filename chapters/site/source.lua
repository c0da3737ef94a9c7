-- The page of a program, a script or a test: highlighted, with the chapter that explains it; and the list of all files.
local book = require 'book'
local blocks = require 'blocks'
local highlight = require 'highlight'
local page = require 'page'
local source = {}

-- Lines that some Markdown file links to, as on GitHub: #L12.
local wanted
local function linked(path)
    if not wanted then
        wanted = {}
        for _, document in ipairs(book.documents) do
            for link, line in book.read(document):gmatch '%]%(([^)#%s]+)#L(%d+)' do
                local _, file = book.resolve(document, link)
                wanted[file or ''] = wanted[file or ''] or {}
                wanted[file or ''][tonumber(line)] = true
            end
        end
    end
    return wanted[path] or {}
end

-- What explains a file: its chapter, and the pages that speak of it.
local function explained(path, top)
    local chapter, out = book.chapter_of(path), {}
    if chapter then
        table.insert(out, 'Explained in <a href="' .. top .. book.page(chapter) .. '">chapter ' .. page.numbered(chapter) .. '</a>')
    end
    local others = {}
    for _, document in ipairs(book.documents) do
        if document ~= chapter and book.read(document):find(path, 1, true) then
            table.insert(others, '<a href="' .. top .. book.page(document) .. '">' .. book.escape(book.title(document)) .. '</a>')
        end
    end
    if #others > 0 then table.insert(out, 'Mentioned in ' .. table.concat(others, ', ')) end
    local drawn = path:gsub('%.gp$', '.svg')
    if drawn ~= path and (book.known[drawn] or book.read('build/' .. drawn)) then
        table.insert(out, 'Draws <a href="' .. top .. drawn .. '">' .. drawn .. '</a>')
    end
    return #out > 0 and '<p class="explained">' .. table.concat(out, '. ') .. '.</p>' or ''
end

-- An anchor is a line's beginning, outside of what is marked there.
function source.page(path)
    local text = book.read(path)
    local address = book.page(path)
    local top, chapter = book.top(address), book.chapter_of(path)
    local marks, lines, numbers, n, open = {}, {}, {}, 0, nil
    for line in pairs(linked(path)) do marks[line] = '<a id="L' .. line .. '"></a>' end
    for _, place in ipairs(blocks.places(path)) do
        marks[place.line] = '<a id="L' .. place.line .. '" class="place" href="' .. top .. book.page(chapter) .. '#' .. place.anchor .. '">' ..
            book.escape(((place.name or place.section or book.title(chapter)):gsub('[`*]', ''))) .. '</a>'
    end
    local columns = 0
    for line in text:gmatch '[^\n]+' do columns = math.max(columns, utf8.len((line:gsub('\t', '    '))) or #line) end
    for line in highlight(text:gsub('\n$', ''), book.language(path)):gsub('$', '\n'):gmatch '([^\n]*)\n' do
        n = n + 1
        numbers[n] = n
        lines[n] = (marks[n] or '') .. line
    end
    page.write(path, address, { title = path, class = 'source', body = '<h1>' .. path .. '</h1>\n' .. explained(path, top) ..
        '<div class="listing" style="--columns:' .. columns .. '"><pre class="numbers" aria-hidden="true">' .. table.concat(numbers, '\n') ..
        '</pre><pre class="code"><code>' .. table.concat(lines, '\n') .. '</code></pre></div>' })
end

-- files.html: all folders, with their files.
function source.list()
    local folders, out = {}, { '<h1>All files</h1>' }
    for folder in pairs(book.folders) do table.insert(folders, folder) end
    table.sort(folders)
    for _, folder in ipairs(folders) do
        local files = {}
        for _, path in ipairs(book.files) do
            if book.directory(path) == folder then
                local name = path:match '[^/]*$'
                if book.language(path) or path:match '%.md$' then name = '<a href="' .. book.page(path) .. '">' .. name .. '</a>' end
                table.insert(files, '<li>' .. name .. '</li>')
            end
        end
        if #files > 0 then
            table.insert(out, '<h2 id="' .. (folder == '' and 'top' or book.slug(folder)) .. '">' .. (folder == '' and 'The top' or folder .. '/') ..
                '</h2>\n<ul class="files">' .. table.concat(files, '\n') .. '</ul>')
        end
    end
    page.write('files', 'files.html', { title = 'All files', body = table.concat(out, '\n'), class = 'source' })
end

return source
