-- What lists show of machines, as one text of each: many small replies cost whoever reads them more than the rest of a page. `fields` is where
-- in `texts` their number stands, before them. Returns what gives the text of an id: the fields' values with a zero byte between two, an empty
-- one where there is none; '' for what is no hash. Nothing where no fields are asked for.
--- @include "includes/reply"
local function summaries(index_key, texts, fields)
  local count = tonumber(texts[fields])
  if count == 0 then
    return nil
  end
  local records = string.match(index_key, '^{[^}]*}') .. ':m:'
  return function(id)
    local values = call_unless_wrong_type('HMGET', records .. id, unpack(texts, fields + 1, fields + count))
    if not values then
      return ''
    end
    for i = 1, count do
      values[i] = values[i] or ''
    end
    return table.concat(values, '\0')
  end
end
