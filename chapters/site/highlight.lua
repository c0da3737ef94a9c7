-- highlight(TEXT, LANGUAGE): HTML in which keywords (k), types (t), strings (s), comments (c), numbers (n) and
-- the preprocessor (p) are marked. It knows as much of a language as colours need.
local book = require 'book'

local function set(words)
    local s = {}
    for word in words:gmatch '%S+' do s[word] = true end
    return s
end

local shell = set 'if then else elif fi for while until do done case esac in return exit shift set export trap local function'
local c_keywords = set [[break case const continue default do else enum extern for goto if inline register restrict return sizeof
    static struct switch typedef union volatile while _Alignas _Atomic _Generic _Noreturn _Static_assert _Thread_local]]
local c_types = set [[char double float int long short signed unsigned void bool _Bool size_t ssize_t ptrdiff_t off_t FILE va_list
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t jmp_buf time_t pid_t]]
local languages = {
    c = { line = '//', open = '/*', close = '*/', quotes = '"\'', keywords = c_keywords, types = c_types, preprocessor = true },
    sh = { line = '#', quotes = '"\'', keywords = shell, many = true },
    make = { line = '#', quotes = '', keywords = set 'define endef ifeq ifneq else endif include override export unexport' },
    gnuplot = { line = '#', quotes = '"\'', keywords = set 'set unset plot splot replot load do for if else with using title array print stats in' },
    js = { line = '//', open = '/*', close = '*/', quotes = '"\'`', many = true, keywords = set [[async await break case catch
        class const continue default delete do else export finally for from function if import in instanceof let new of
        return switch throw try typeof var while yield]] },
    python = { line = '#', quotes = '"\'', keywords = set [[and as assert break class continue def del elif else except finally
        for from global if import in is lambda not or pass raise return try while with yield None True False]] },
    lua = { line = '--', quotes = '"\'', keywords = set [[and break do else elseif end for function goto if in local nil not or
        repeat return then until while true false]] },
    css = { open = '/*', close = '*/', quotes = '"\'', keywords = set '' },
}
languages.bash, languages.py = languages.sh, languages.python

return function(text, name)
    local language = languages[name]
    if not language then return book.escape(text) end
    local out, at, size = {}, 1, #text
    local function put(class, stop)
        local part = book.escape(text:sub(at, stop))
        out[#out + 1] = class and '<i class="' .. class .. '">' .. part .. '</i>' or part
        at = stop + 1
    end
    -- Where the string that begins here ends: at its quote, and if it may not run on, at the end of the line.
    local function string_end(quote)
        local i = at + 1
        while i <= size do
            local c = text:sub(i, i)
            if c == quote then return i end
            if c == '\n' and not language.many then return i - 1 end
            i = i + (c == '\\' and 2 or 1)
        end
        return size
    end
    while at <= size do
        local c = text:sub(at, at)
        local fresh = at == 1 or text:find('^[%s;({]', at - 1)
        if language.open and text:sub(at, at + 1) == language.open then
            local _, stop = text:find(language.close, at + 2, true)
            put('c', stop or size)
        elseif language.line and text:sub(at, at + #language.line - 1) == language.line and (language.line ~= '#' or fresh) then
            put('c', (text:find('\n', at, true) or size + 1) - 1)
        elseif c == '#' and language.preprocessor and (at == 1 or text:find('^\n', at - 1)) then
            put('p', select(2, text:find('^#%s*%a*', at)))
        elseif language.quotes:find(c, 1, true) and c:find '%p' then
            put('s', string_end(c))
        elseif c:find '%d' then
            put('n', select(2, text:find('^[%w.]+', at)))
        elseif c:find '[%a_]' then
            local word = text:match('^[%w_]+', at)
            local class = language.keywords[word] and 'k' or language.types and language.types[word] and 't'
            put(class or nil, at + #word - 1)
        else
            put(nil, math.max(at, select(2, text:find('^[ \n%)%];,]*', at))))
        end
    end
    return table.concat(out)
end
