-- Writes pages of the site: a filter of pandoc's for the sake of its Markdown and its Lua; its input is empty.
-- BOOK_PART=i/n: only every n-th page, from the i-th on. weave.sh starts it.
package.path = PANDOC_SCRIPT_FILE:match '^(.*/)' .. '?.lua;' .. package.path
local book = require 'book'
local document = require 'document'
local source = require 'source'

function Pandoc()
    local part, parts = os.getenv('BOOK_PART'):match '^(%d+)/(%d+)$'
    local turn = 0
    local function mine()
        turn = turn + 1
        return turn % parts == part % parts
    end
    for _, path in ipairs(book.documents) do
        if mine() then document(path) end
    end
    for _, path in ipairs(book.files) do
        if book.language(path) and mine() then source.page(path) end
    end
    if mine() then source.list() end
    return pandoc.Pandoc {}
end
