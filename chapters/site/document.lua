-- The page of a Markdown file.
local book = require 'book'
local blocks = require 'blocks'
local glossary = require 'glossary'
local hatch = require 'hatch'
local highlight = require 'highlight'
local page = require 'page'
local spoken = require 'spoken'
local raw = function(html) return pandoc.RawBlock('html', html) end

-- ---- Code ------------------------------------------------------------------------------------

-- What a terminal showed: the commands stand out. A line that ends in \ goes on in the next.
local function terminal(lines)
    local out, goes_on = {}, false
    for i, line in ipairs(lines) do
        local prompt, command = line:match '^([$>]) (.*)$'
        if prompt == '$' or prompt and goes_on then
            out[i] = '<b><i>' .. book.escape(prompt) .. ' </i>' .. book.escape(command) .. '</b>'
        elseif goes_on then
            out[i] = '<b>' .. book.escape(line) .. '</b>'
        else
            out[i] = book.escape(line)
        end
        goes_on = (prompt == '$' or goes_on) and line:match '\\$'
    end
    return '<figure class="console"><figcaption>Terminal</figcaption><pre><code>' .. table.concat(out, '\n') .. '</code></pre></figure>'
end

-- A block of a file says so, and links to its place there; a <<chunk>> to the block that defines it, and back.
local function code(path, top, scan, block)
    local html = highlight(table.concat(block.lines, '\n'), block.language)
    if not (block.file or block.name) then return '<pre class="code"><code>' .. html .. '</code></pre>' end
    local lines, i = {}, 0
    for line in (html .. '\n'):gmatch '([^\n]*)\n' do
        i = i + 1
        local indent, name = block.lines[i]:match '^(%s*)<<(.*)>>%s*$'
        local chunk
        for _, other in ipairs(name and scan.list or {}) do
            if other.name == name then chunk = other; break end
        end
        lines[i] = chunk and indent .. '<a class="chunk" href="#' .. chunk.anchor .. '">&lt;&lt;' .. book.escape(name) .. '&gt;&gt;</a>' or line
    end
    for _, file in ipairs(book.files) do
        if file == block.file or block.name and not block.file and book.number(file) == book.number(path) and file:match '^src/' then
            blocks.places(file)
        end
    end
    local says = {}
    if block.name then
        table.insert(says, '<b>' .. book.escape(block.name) .. '</b>')
        for _, other in ipairs(scan.list) do
            local uses = false
            for _, line in ipairs(other.lines) do uses = uses or line:match '^%s*<<(.*)>>%s*$' == block.name end
            if uses and (other.file or other.name) then
                table.insert(says, '<a class="chunk" href="#' .. other.anchor .. '">used in ' .. book.escape(other.name or other.file) .. '</a>')
            end
        end
    end
    local file = block.target or block.file
    if file then
        table.insert(says, '<a href="' .. top .. book.page(file) .. (block.line and '#L' .. block.line or '') .. '">' ..
            file .. (block.line and ', line ' .. block.line or '') .. '</a>')
    end
    return '<figure class="code"' .. (block.fold and '' or ' id="' .. block.anchor .. '"') .. '><figcaption>' ..
        table.concat(says, ' ') .. '</figcaption><pre><code>' .. table.concat(lines, '\n') .. '</code></pre></figure>'
end

-- ---- Figures -----------------------------------------------------------------------------------

local function image(path, top, inline)
    local link, file = book.resolve(path, inline.src)
    if not file then return book.fail(path, ': a picture from elsewhere: ', inline.src) end
    local svg = book.read(file) or book.read('build/' .. file)
    local alt = book.escape(pandoc.utils.stringify(inline.caption))
    if not svg then
        io.stderr:write('book: ', file, ' is not drawn yet: make figures\n')
        return '<span class="undrawn" role="img" aria-label="' .. alt .. '">' .. alt .. '</span>'
    end
    if svg:find('<pattern', 1, true) then book.write(file, hatch(svg)) end
    local width, height = svg:match '<svg[^>]-width="(%d+)[^>]-height="(%d+)'
    local size = width and (' width="%s" height="%s"'):format(width, height) or ''
    local own = width and ' style="--own:' .. width .. 'px"' or ''
    return '<a class="picture" href="' .. link .. '"' .. own .. '><img src="' .. link .. '" alt="' .. alt .. '"' .. size .. ' loading="lazy"></a>'
end

-- ---- The start page ------------------------------------------------------------------------------

-- reading_time(CHAPTER): what its "You need" says of an hour, or of minutes.
local function reading_time(path)
    local need = book.read(path):match '\n%*%*You need%*%*(.-)\n\n' or ''
    for _, pattern in ipairs { 'An? hour and a half', 'An? hour', 'Half an hour', 'An evening', '%u%l+ hours', '%u%l+ evenings', '[%w-]+ minutes', '%d+ hours' } do
        local time = need:gsub('\n', ' '):match(pattern)
        if time then return time:lower() end
    end
end

-- The README's table of chapters, as a list with a time each; its rows are those whose link is a chapter.
local function cards(html)
    local out = {}
    for row in html:gmatch '<tr.-</tr>' do
        local href, last = row:match '<a href="([^"]*)"', row:match '.*<td[^>]*>(.-)</td>'
        for _, chapter in ipairs(href and book.chapters or {}) do
            if book.page(chapter) == href then
                local time = reading_time(chapter)
                table.insert(out, '<li><a href="' .. href .. '">' .. page.numbered(chapter) .. '</a><p>' .. last .. '</p>' ..
                    (time and '<p class="time">' .. time .. '</p>' or '') .. '</li>')
            end
        end
    end
    return #out > 0 and '<ol class="cards">' .. table.concat(out, '\n') .. '</ol>'
end

-- ---- The page -------------------------------------------------------------------------------------

return function(path)
    local address = book.page(path)
    local top, number = book.top(address), book.number(path)
    local scan = blocks.scan(path)
    local sections, seen, copied = {}, {}, {}
    local doc = pandoc.read(scan.text, 'gfm')

    -- A last line of ways to the neighbours, for those who read the Markdown: the page has its own.
    local last = doc.blocks[#doc.blocks]
    if number and last and last.t == 'Para' then
        local rest = last:walk { Link = function() return pandoc.Str '' end }
        if pandoc.utils.stringify(rest):gsub('[←→·]', ''):match '^%s*$' then doc.blocks:remove() end
    end

    -- Words first, in the open text only, while the inlines are as they were.
    local depth, fold = 0, 0
    local function prose(block)
        if block.t == 'Para' or block.t == 'Plain' then
            block.content = glossary.mark(block.content, number, seen, top)
        elseif block.t == 'BulletList' or block.t == 'OrderedList' then
            for _, item in ipairs(block.content) do
                for k, b in ipairs(item) do item[k] = prose(b) end
            end
        elseif block.t == 'BlockQuote' then
            for k, b in ipairs(block.content) do block.content[k] = prose(b) end
        end
        return block
    end
    for i, block in ipairs(doc.blocks) do
        if block.t == 'RawBlock' then
            block.text = block.text:gsub('<(/?)details>', function(slash)
                depth = depth + (slash == '' and 1 or -1)
                if slash ~= '' or depth > 1 then return end
                fold = fold + 1
                local f = scan.folds[fold] or {}
                return '<details' .. (f.id and ' id="' .. f.id .. '"' or '') .. (f.answer and ' data-pagefind-ignore' or '') .. '>'
            end)
        elseif number and depth == 0 then
            doc.blocks[i] = prose(block)
        end
        doc.blocks[i] = block
    end

    doc = doc:walk {
        Link = function(link)
            local target, file = book.resolve(path, link.target)
            if file and not (book.known[file] or book.folders[file] or book.read(file)) then
                book.fail(path, ': a link to ', file, ', which is not there')
            end
            if file and book.known[file] and not book.language(file) and not file:match '%.md$' then copied[file] = true end
            link.target = target
            return link
        end,
        Image = function(inline) return pandoc.RawInline('html', image(path, top, inline)) end,
        Note = function(note)
            return pandoc.RawInline('html', '<span class="note" role="note" popover="manual">' ..
                pandoc.write(pandoc.Pandoc(pandoc.Plain(pandoc.utils.blocks_to_inlines(note.content))), 'html') .. '</span>')
        end,
        CodeBlock = function(b)
            local block = scan.list[tonumber((b.classes[1] or ''):match '^b(%d+)$')]
            if not block then
                local said = not b.text:find 'make ' and not b.text:find 'build/' and spoken(b.text)
                return raw('<pre class="plain"' .. (said and ' role="math" aria-label="' .. book.escape(said) .. '"' or '') .. '><code>' ..
                    book.escape(b.text) .. '</code></pre>')
            end
            if block.language == 'console' then return raw(terminal(block.lines)) end
            return raw(code(path, top, scan, block))
        end,
        Str = function(s)
            local said = spoken(s.text)
            return said and pandoc.Span({ s }, pandoc.Attr('', {}, { { 'role', 'math' }, { 'aria-label', said } }))
        end,
        -- (Only a long one may break.)
        Code = function(c)
            if utf8.len(c.text) > 26 then c.classes = { 'long' } end
            return c
        end,
        Header = function(h)
            if h.level == 2 then
                table.insert(sections, { id = h.identifier, html = book.escape(pandoc.utils.stringify(h.content)) })
            end
            if h.level > 1 then
                h.content:insert(pandoc.RawInline('html', ' <a class="anchor" href="#' .. h.identifier .. '" aria-label="Link to: ' ..
                    book.escape(pandoc.utils.stringify(h.content)) .. '">#</a>'))
            end
            return h
        end,
    }
    for file in pairs(copied) do book.copy(file) end

    local body = pandoc.write(doc, 'html')
    if path == glossary.path then body = glossary.anchors(body):gsub('<table', '<table class="words"', 1) end
    if path == 'README.md' then
        local first = book.chapters[1]
        body = body:gsub('<table.-</table>', function(html) return cards(html) end)
        body = body:gsub('^(.-)(<p><a class="picture")', '<div class="hero">%1<p><a class="button" href="' .. book.page(first) ..
            '">Start reading</a><a class="button again" hidden href="#">Continue</a></p></div>\n%2', 1)
    end
    -- (A column without a name has no heading, for who hears the table.)
    body = body:gsub('<th([^>]*)></th>', '<td%1></td>')
    body = body:gsub('<table', '<div class="table"><table'):gsub('</table>', '</table></div>')
    body = body:gsub('<p>(<a class="picture".-</a>)</p>', '<div class="figure">%1</div>')
    page.write(path, address, { title = book.title(path), body = body, sections = sections, search = true,
        class = path == 'README.md' and 'text start' or 'text' })
end
