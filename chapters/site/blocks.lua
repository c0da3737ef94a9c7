-- The code blocks of a Markdown file: what their fences say, and where tangle put them.
local book = require 'book'
local blocks = {}

-- attributes('c file=src/a.h name="x y"'): the language, and the rest as a table.
local function attributes(info)
    local values = {}
    for key, value in info:gmatch '([%w_]+)="([^"]*)"' do values[key] = value end
    for key, value in info:gmatch '([%w_]+)=([^"%s]+)' do values[key] = value end
    values.language = info:match '^([%w+-]+)%f[%s\0]' or ''
    return values
end

-- scan(DOCUMENT) gives
--   text   the document, with each fence's words replaced by the block's number, for pandoc
--   list   its blocks: language, file, name, exercise, …; lines; section, the heading above; fold, where it is folded
--   folds  its outermost folds, in order: id, where a block of a file is in it; answer, if it gives one away
-- A block's anchor is its own, or its fold's: a link to what is folded does not open it.
local scanned = {}
function blocks.scan(path)
    if scanned[path] then return scanned[path] end
    local result = { list = {}, folds = {} }
    local out, fence, block, depth, section = {}, nil, nil, 0, nil
    for line in (book.read(path):gsub('\r', '') .. '\n'):gmatch '([^\n]*)\n' do
        local indent, ticks, info = line:match '^( *)(```+)([^`]*)$'
        if not fence and ticks then
            fence = #ticks
            block = attributes(info)
            block.lines, block.section, block.indent = {}, section, #indent
            table.insert(result.list, block)
            block.number = #result.list
            local fold = depth > 0 and result.folds[#result.folds]
            if block.file or block.name then
                block.anchor = 'b' .. block.number
                if fold then fold.id = fold.id or block.anchor; block.anchor = fold.id end
            end
            block.fold = fold
            if fold and (block.exercise or block.hint) then fold.answer = true end
            line = indent .. ticks .. ' b' .. block.number
        elseif fence then
            if ticks and #ticks >= fence and info:match '^ *$' then
                fence, block = nil, nil
            else
                table.insert(block.lines, (line:gsub('^' .. (' '):rep(block.indent), '')))
            end
        else
            section = line:match '^##+ (.*)$' or section
            for tag in line:gmatch '</?details' do
                depth = math.max(0, depth + (tag == '<details' and 1 or -1))
                if tag == '<details' and depth == 1 then table.insert(result.folds, {}) end
            end
        end
        table.insert(out, line)
    end
    result.text = table.concat(out, '\n')
    scanned[path] = result
    return result
end

function blocks.lines(path)
    local lines = {}
    for line in ((book.read(path) or '') .. '\n'):gmatch '([^\n]*)\n' do table.insert(lines, line) end
    return lines
end

local function trimmed(line) return line:match '^%s*(.-)%s*$' end

-- places(FILE): the blocks that make it, each with the line at which it begins there. A block's lines lie
-- one after the other in the file as far as the first <<chunk>>, deeper indented if it is a chunk itself.
local found = {}
function blocks.places(file)
    if found[file] then return found[file] end
    local lines, places, from = blocks.lines(file), {}, 1
    for i, line in ipairs(lines) do lines[i] = trimmed(line) end
    local function find(block, start)
        local want = {}
        for _, line in ipairs(block.lines) do
            if line:match '^%s*<<.*>>%s*$' then break end
            table.insert(want, trimmed(line))
        end
        if #want == 0 then return end
        for i = start, #lines do
            local k = 1
            while k <= #want and lines[i + k - 1] == want[k] do k = k + 1 end
            if k > #want then return i, i + #want end
        end
    end
    local chapter = book.chapter_of(file)
    for _, block in ipairs(chapter and blocks.scan(chapter).list or {}) do
        -- A chunk can be in any file of its chapter.
        if block.file == file or block.name and not block.file then
            local line, after = find(block, block.file and from or 1)
            if line then
                block.line, block.target = line, file
                if block.file then from = after end
                table.insert(places, block)
            end
        end
    end
    table.sort(places, function(a, b) return a.line < b.line end)
    found[file] = places
    return places
end

return blocks
