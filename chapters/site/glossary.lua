-- The glossary's words, for the notes in the margin.
local book = require 'book'
local glossary = { path = 'chapters/glossary.md', words = {} }

-- Each row: the words, what they are, and the chapters that say so. A word can be in several rows.
local ids = {}
for row in (book.read(glossary.path) or ''):gmatch '\n(|[^\n]*)' do
    local word, meaning, where = row:match '^| (.-) | (.-) | (%[.*) |$'
    if word then
        local id, entry = 'word-' .. book.slug(word), { word = word, meaning = meaning, chapter = 99 }
        ids[id] = (ids[id] or 0) + 1
        entry.id = id .. (ids[id] > 1 and '-' .. ids[id] or '')
        for number in where:gmatch '%[(%d+)%]' do entry.chapter = math.min(entry.chapter, tonumber(number)) end
        for part in word:gmatch '[^,]+' do
            local key = part:lower():gsub('`', ''):gsub('^%s+', ''):gsub('^and ', ''):gsub('^or ', '')
            glossary.words[key] = glossary.words[key] or {}
            table.insert(glossary.words[key], entry)
        end
        table.insert(glossary, entry)
    end
end

-- anchors(HTML): the rows of the glossary's own page get their addresses.
function glossary.anchors(html)
    local n = 0
    return (html:gsub('(<tr[^>]*>%s*<td)', function(cell)
        n = n + 1
        return glossary[n] and cell .. ' id="' .. glossary[n].id .. '"' or cell
    end))
end

-- ---- Marking words --------------------------------------------------------------------------

local text_of = pandoc.utils.stringify
local html_of = {}
local function html(entry)
    if not html_of[entry] then
        html_of[entry] = '<b>' .. book.escape((entry.word:gsub('`', ''))) .. '</b> ' ..
            pandoc.write(pandoc.read(entry.meaning, 'gfm'), 'html'):gsub('^<p>', ''):gsub('</p>%s*$', '')
    end
    return html_of[entry]
end

-- What is matched of an inline: its letters, without what is around them.
local function core(inline)
    if inline.t == 'Str' or inline.t == 'Code' then
        return (inline.text:lower():gsub('^[%p]*', ''):gsub('[%p]*$', ''))
    end
end
-- What these words mean up to a chapter: the rows, how long they are together, and whether they have been noted.
local function known(words, number, seen)
    local all = glossary.words[words] or glossary.words[(words:gsub('s$', ''))] or glossary.words[(words:gsub('es$', ''))]
    local rows, length, noted = {}, 0, true
    for _, entry in ipairs(all or {}) do
        if entry.chapter <= number then
            table.insert(rows, entry)
            length = length + #entry.meaning + 30
            noted = noted and seen[entry]
        end
    end
    if #rows > 0 then return rows, length, noted end
end

-- mark(INLINES, NUMBER, SEEN, TOP): links the words that this chapter or an earlier one explains, at their first
-- use, and puts their notes beside them. A paragraph bears no more notes than it is long; a word that finds no
-- room is noted at its next use.
function glossary.mark(inlines, number, seen, top)
    local out, i = pandoc.List(), 1
    local room = #text_of(inlines)
    while i <= #inlines do
        local rows, size, noted, length
        for words = 3, 1, -1 do
            local parts = {}
            for k = i, i + 2 * words - 2, 2 do
                local part, space = inlines[k] and core(inlines[k]), true
                if part and k > i then space = inlines[k - 1].t == 'Space' or inlines[k - 1].t == 'SoftBreak' end
                if not part or part == '' or not space then parts = nil; break end
                table.insert(parts, part)
            end
            if parts then rows, size, noted = known(table.concat(parts, ' '), number, seen) end
            if rows then length = 2 * words - 1; break end
        end
        if rows and not noted and room > size then
            local note = {}
            for k, entry in ipairs(rows) do
                seen[entry] = true
                note[k] = html(entry)
            end
            room = room - size
            -- Brackets and commas are no part of the link.
            local first, last, before, after = inlines[i], inlines[i + length - 1], '', ''
            if first.t == 'Str' then before, first.text = first.text:match '^(%p*)(.*)$' end
            if last.t == 'Str' then last.text, after = last.text:match '^(.-)(%p*)$' end
            out:insert(pandoc.Str(before))
            out:insert(pandoc.RawInline('html', '<a class="term" href="' .. top .. 'chapters/glossary.html#' .. rows[1].id .. '">'))
            for k = i, i + length - 1 do out:insert(inlines[k]) end
            out:insert(pandoc.RawInline('html', '</a><span class="note" role="note" popover data-pagefind-ignore>' ..
                table.concat(note, '<br>') .. '</span>'))
            out:insert(pandoc.Str(after))
            i = i + length
        else
            out:insert(inlines[i])
            i = i + 1
        end
    end
    return out
end

return glossary
