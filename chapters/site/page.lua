-- What is around every page: the list of chapters, the ways on, the foot.
local book = require 'book'
local page = {}

local template = assert(book.read 'chapters/site/page.html', 'no page.html')

local function link(top, path, text, more)
    return '<a href="' .. top .. book.page(path) .. '"' .. (more or '') .. '>' .. text .. '</a>'
end

-- "5 · Masking" as a number and a title.
local function numbered(path)
    local number, title = book.title(path):match '^(%d+) · (.*)$'
    if not number then return book.escape(book.title(path)) end
    return '<b>' .. number .. '</b> ' .. book.escape(title)
end
page.numbered = numbered

-- The list at the side. SECTIONS: of the page that is shown, { id, html } each.
local function side(path, top, sections)
    local out = {}
    local function entry(target, text)
        local here = target == path
        table.insert(out, '<li>' .. link(top, target, text, here and ' aria-current="page"' or ''))
        if here and sections and #sections > 1 then
            table.insert(out, '<ol class="sections">')
            for _, s in ipairs(sections) do table.insert(out, '<li><a href="#' .. s.id .. '">' .. s.html .. '</a></li>') end
            table.insert(out, '</ol>')
        end
        table.insert(out, '</li>\n')
    end
    table.insert(out, '<ol class="chapters">\n')
    for _, chapter in ipairs(book.chapters) do entry(chapter, numbered(chapter)) end
    table.insert(out, '</ol>\n<ul class="more">\n')
    for _, document in ipairs(book.documents) do
        if not book.number(document) and document ~= 'README.md' then entry(document, book.escape(book.title(document))) end
    end
    table.insert(out, '<li><a href="' .. top .. 'files.html"' .. (path == 'files' and ' aria-current="page"' or '') ..
        '>All files</a></li>\n</ul>\n')
    return table.concat(out)
end

-- write(PATH, ADDRESS, T): the page of a file. T: title, body; sections; class; whole, for what the search reads.
function page.write(path, address, t)
    local top = book.top(address)
    local before, after
    for i, chapter in ipairs(book.chapters) do
        if chapter == path then before, after = book.chapters[i - 1], book.chapters[i + 1] end
    end
    if path == 'README.md' then after = book.chapters[1] end
    local ways, heads = '', ''
    if before then
        ways = link(top, before, '<span>← Previous</span>' .. numbered(before), ' rel="prev" class="prev"')
        heads = '<link rel="prev" href="' .. top .. book.page(before) .. '">'
    end
    if after then
        ways = ways .. link(top, after, '<span>Next →</span>' .. numbered(after), ' rel="next" class="next"')
        heads = heads .. '<link rel="next" href="' .. top .. book.page(after) .. '">'
    end
    local report = ''
    if book.report ~= '' then
        local field = book.report:match '^mailto:' and 'subject' or 'title'
        local about = ('In ' .. t.title):gsub('[^%w._~-]', function(c) return ('%%%02X'):format(c:byte()) end)
        report = '<p class="report"><a href="' .. book.escape(book.report .. (book.report:match '%?' and '&' or '?') .. field .. '=' .. about) ..
            '">Report a mistake on this page</a></p>'
    end
    local name = book.title 'README.md'
    local values = {
        title = book.escape(t.title == name and name or t.title .. ' — ' .. name), name = book.escape(name), top = top,
        links = heads, class = t.class or 'text', side = side(path, top, t.sections), body = t.body,
        ways = ways ~= '' and '<nav class="ways" aria-label="Previous and next">' .. ways .. '</nav>' or '',
        report = report, search = book.search and 'yes' or 'no',
        index = t.search and ' data-pagefind-body' or '',
    }
    book.write(address, (template:gsub('%$(%l+)%$', values)))
end

return page
