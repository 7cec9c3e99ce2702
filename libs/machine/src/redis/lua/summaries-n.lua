-- What lists show of some machines, as one text of each: many small replies cost whoever reads them more than the rest of a page. Writes
-- nothing.
-- KEYS    their records
-- ARGV    fields
-- Returns for each record the fields' values with a zero byte between two, an empty one where there is none; '' for what is no hash

local found = {}
for i, key in ipairs(KEYS) do
  local values = redis.pcall('HMGET', key, unpack(ARGV))
  if values.err then
    found[i] = ''
  else
    for k = 1, #ARGV do
      values[k] = values[k] or ''
    end
    found[i] = table.concat(values, '\0')
  end
end
return found
