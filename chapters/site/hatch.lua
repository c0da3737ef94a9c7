-- hatch(SVG): the same picture with its hatching drawn as lines. Browsers print a <pattern> as an image as large
-- as the figure, once for each shape that it fills: chapter 14 took 42 MB of paper.

-- A pattern of ours is a square tile with slanting lines: "M-4,0 L8,12 M0,-4 L12,8". Its lines are those on
-- which y - x, or y + x, is `first` and every `tile` from there.
local function family(tile, d)
    local x1, y1, x2, y2 = d:match '^M(%S+),(%S+) L(%S+),(%S+)'
    if not x1 or x1 == x2 then return nil end
    local slope = (y2 - y1) / (x2 - x1)
    if slope ~= 1 and slope ~= -1 then return nil end
    return { tile = tile, slope = slope, first = y1 - slope * x1 }
end

-- The pieces of these lines inside a polygon: from the first crossing of an edge to the second, and so on.
local function pieces(lines, points)
    local xs, ys = {}, {}
    for x, y in points:gmatch '(%S+),(%S+)' do xs[#xs + 1], ys[#ys + 1] = tonumber(x), tonumber(y) end
    local function across(i) return ys[i] - lines.slope * xs[i] end
    local crossings = {}
    for i = 1, #xs do
        local k = i % #xs + 1
        local a, b = across(i), across(k)
        local step = math.ceil((math.min(a, b) - lines.first) / lines.tile)
        while lines.first + step * lines.tile < math.max(a, b) do
            local at = lines.first + step * lines.tile
            crossings[step] = crossings[step] or {}
            table.insert(crossings[step], xs[i] + (xs[k] - xs[i]) * (at - a) / (b - a))
            step = step + 1
        end
    end
    local steps, out = {}, {}
    for step in pairs(crossings) do table.insert(steps, step) end
    table.sort(steps)
    for _, step in ipairs(steps) do
        local at, x = lines.first + step * lines.tile, crossings[step]
        table.sort(x)
        for i = 1, #x - 1, 2 do
            table.insert(out, ('M%.2f,%.2fL%.2f,%.2f'):format(x[i], at + lines.slope * x[i], x[i + 1], at + lines.slope * x[i + 1]))
        end
    end
    return table.concat(out)
end

return function(svg)
    local patterns = {}
    for id, tile, style, d in svg:gmatch "<pattern id='([^']*)'[^>]- width='(%d+)'[^>]*>%s*<path style='([^']*)' d='([^']*)'/>%s*</pattern>" do
        local lines = family(tonumber(tile), d)
        if lines then
            lines.stroke = style:match 'stroke:([^;]*)'
            patterns[id] = lines
        end
    end
    return (svg:gsub("<polygon%s+fill = 'url%(#([^)]*)%)' points = '([^']*)'/>", function(id, points)
        local lines = patterns[id]
        return lines and ("<path fill='none' shape-rendering='auto' stroke='%s' d='%s'/>"):format(lines.stroke, pieces(lines, points))
    end))
end
