-- The members that come after a place in an index: by score, then by bytes, as the index orders them. Writes nothing.
-- The member at that place may be gone since, so its rank is looked for by halving, among those of its score.
-- KEYS[1] index
-- ARGV    score and id to begin after, highest score, number of members
-- Returns { number of members after these, id, score, id, score, … }

local index_key = KEYS[1]
local score, id, highest, batch = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local low = redis.call('ZCOUNT', index_key, '-inf', '(' .. score)
local high = redis.call('ZCOUNT', index_key, '-inf', score)
while low < high do
  local middle = math.floor((low + high) / 2)
  local found = redis.call('ZRANGE', index_key, middle, middle)[1]
  if found <= id then
    low = middle + 1
  else
    high = middle
  end
end

local ends = redis.call('ZCOUNT', index_key, '-inf', highest)
local stop = math.min(ends, low + batch)
if stop <= low then
  return { 0 }
end
local reply = redis.call('ZRANGE', index_key, low, stop - 1, 'WITHSCORES')
table.insert(reply, 1, ends - stop)
return reply
