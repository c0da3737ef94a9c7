-- spoken(TEXT): a formula as one would say it, for who hears the page; nil if nothing in it needs saying.
local words = {
    { '√', ' the root of ' }, { '%^', ' to the power of ' }, { '∞', ' infinity ' }, { '−', ' minus ' }, { '·', ' times ' },
    { '×', ' times ' }, { 'Σ', ' the sum of ' }, { '²', ' squared ' }, { '³', ' cubed ' }, { '∂', ' d ' }, { 'π', ' pi ' }, { '≈', ' about ' },
    { '≤', ' at most ' }, { '≥', ' at least ' }, { '→', ' to ' }, { '=', ' equals ' },
}

return function(text)
    if not (text:find '√' or text:find '%^' or text:find '∞' or text:find 'Σ' or text:find '∂' or text:find '·' and text:find '=') then return nil end
    for _, word in ipairs(words) do text = text:gsub(word[1], word[2]) end
    return (text:gsub(' */ *', ' divided by '):gsub(' *\n *', '; '):gsub(' +', ' '):gsub('^ ', ''):gsub(' $', ''))
end
