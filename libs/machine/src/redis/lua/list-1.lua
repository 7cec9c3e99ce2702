-- Machines by the time of their start, those of one moment by their ids, out of an index, or out of several places as one list: all places
-- at one moment, so that none is missed that moves from one to another while a list is read. Writes nothing.
-- KEYS[1] an index, or the places
-- ARGV    'rising' | 'falling', score and id to begin after (id '': rising with that score, falling before it), the last score, number of
--         machines, number of fields of their records, these fields …, then for places which (see includes/wanted) …
-- Returns { id, score, id, score, … }; with fields { id, score, text (see includes/summary), id, score, text, … }, so that an entry and what is
--         shown of it are of one moment
-- The machine at the place to begin after may be gone since. Each set is read in pieces, and no further than the list needs: the cost is a
-- few commands for each. What somebody has put another type under by hand has no machines.
--- @include "includes/wanted"
--- @include "includes/summary"

local falling, score, id, last, count = ARGV[1] == 'falling', ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local keys = { KEYS[1] }
local which = 7 + tonumber(ARGV[6])
if #ARGV >= which then
  keys = {}
  local is_wanted = places_wanted(ARGV, which)
  local lists = string.match(KEYS[1], '^{[^}]*}') .. ':ix:p:'
  for _, place in ipairs(call_unless_wrong_type('SMEMBERS', KEYS[1]) or {}) do
    if is_wanted(place) then
      keys[#keys + 1] = lists .. place
    end
  end
end

-- Ids by their bytes, as sorted sets have them: Lua's own order is that of the server's locale.
local function less(a, b)
  local i = 1
  while string.byte(a, i) and string.byte(a, i) == string.byte(b, i) do
    i = i + 1
  end
  return (string.byte(a, i) or -1) < (string.byte(b, i) or -1)
end

-- How many members stand before the place to begin after, or with `through` at it, too: those of its score are halved.
local function rank_of(key, through)
  local low = redis.call('ZCOUNT', key, '-inf', '(' .. score)
  if id == '' then
    return low
  end
  local high = redis.call('ZCOUNT', key, '-inf', score)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local found = redis.call('ZRANGE', key, middle, middle)[1]
    if less(found, id) or (through and found == id) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

-- What is left to be read of a set: ranks from `first` on, before `ends`.
local sources = {}
for _, key in ipairs(keys) do
  if redis.call('TYPE', key).ok == 'zset' then
    local source = { key = key, piece = {}, next = 1 }
    if falling then
      source.first = redis.call('ZCOUNT', key, '-inf', '(' .. last)
      source.ends = rank_of(key, false)
    else
      source.first = rank_of(key, true)
      source.ends = redis.call('ZCOUNT', key, '-inf', last)
    end
    if source.first < source.ends then
      sources[#sources + 1] = source
    end
  end
end
local piece = math.max(4, math.ceil(2 * count / math.max(1, #sources)))

-- Reads on where it must. Returns whether the source has a next one; then `id` and `score` of it are that.
local function ready(source)
  if not source.piece[source.next] then
    local size = math.min(piece, source.ends - source.first)
    if size <= 0 then
      return false
    end
    local from = falling and source.ends - size or source.first
    source.piece = redis.call('ZRANGE', source.key, from, from + size - 1, 'WITHSCORES')
    if falling then
      source.ends, source.next = from, 2 * size - 1
    else
      source.first, source.next = from + size, 1
    end
  end
  source.id, source.score = source.piece[source.next], source.piece[source.next + 1]
  source.at = tonumber(source.score)
  return true
end

local function before(a, b)
  if a.at ~= b.at then
    return (a.at < b.at) ~= falling
  end
  return less(a.id, b.id) ~= falling
end

-- A binary heap of the sources that are ready; the one whose machine comes first is on top.
local heap = {}
local function sink(i)
  local moving = heap[i]
  while heap[2 * i] do
    local child = 2 * i
    if heap[child + 1] and before(heap[child + 1], heap[child]) then
      child = child + 1
    end
    if not before(heap[child], moving) then
      break
    end
    heap[i] = heap[child]
    i = child
  end
  heap[i] = moving
end
for _, source in ipairs(sources) do
  if ready(source) then
    heap[#heap + 1] = source
  end
end
for i = math.floor(#heap / 2), 1, -1 do
  sink(i)
end

local text_of = summaries(KEYS[1], ARGV, 6)
local found, size = {}, text_of and 3 or 2
while heap[1] and #found < size * count do
  local first = heap[1]
  found[#found + 1] = first.id
  found[#found + 1] = first.score
  if text_of then
    found[#found + 1] = text_of(first.id)
  end
  first.next = first.next + (falling and -2 or 2)
  if not ready(first) then
    heap[1] = heap[#heap]
    heap[#heap] = nil
  end
  if heap[1] then
    sink(1)
  end
end
return found
