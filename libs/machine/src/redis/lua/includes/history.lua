-- Where the items of a machine's history are, oldest first: in the record's field `history`, a line each, as long as that is short, and in
-- the list <tag>:h:<id> from then on, when the field is gone. A list of its own takes 150 bytes around its items, and most machines
-- have few of them. Lines are JSON as it is written here, without line ends.
-- Items are numbered from 1: whoever reads on from a number must know how many are kept no more (`trimmed`).

local HISTORY_BYTES = 320 -- four items of plain steps: what is longer would be written anew with each

-- The field with one more line, or nil where the list is to have them all. Writes nothing. Lines are counted only where the limit is below
-- what so many bytes could hold.
local function history_longer(history, item, limit)
  if not history or #history + #item >= HISTORY_BYTES or string.find(item, '\n', 1, true) then
    return nil
  elseif history == '' then
    return item
  elseif limit < HISTORY_BYTES / 2 and select(2, string.gsub(history, '\n', '')) + 1 >= limit then
    return nil
  end
  return history .. '\n' .. item
end

-- Puts an item at the list's end, after those of the field. `call`: redis.call, or redis.pcall for whoever must go on. Returns nil, or the
-- error of a key that is of another type; then nothing has been written.
local function history_push(call, record_key, key, history, item, limit)
  local items = {}
  for line in string.gmatch(history or '', '[^\n]+') do
    items[#items + 1] = line
  end
  items[#items + 1] = item
  local length = call('RPUSH', key, unpack(items))
  if type(length) ~= 'number' then
    return length
  end
  if history then
    redis.call('HDEL', record_key, 'history')
  end
  if length > limit then
    redis.call('LTRIM', key, -limit, -1)
    redis.call('HINCRBY', record_key, 'trimmed', length - limit)
  end
  return nil
end
