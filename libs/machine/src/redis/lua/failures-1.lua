-- The groups of failures of a partition, all at one moment. Writes nothing.
-- KEYS[1] groups
-- ARGV    of which places (see includes/wanted) …
-- Returns { place, text of the group, number of machines, start of the oldest in ms, start of the newest, id of the newest, … }
-- Bounded: 500 groups.
--- @include "includes/wanted"

local groups_key = KEYS[1]
local is_wanted = places_wanted(ARGV, 1)
local lists = string.match(groups_key, '^{[^}]*}') .. ':ix:p:'

local found = {}
local groups = redis.call('HGETALL', groups_key)
for i = 1, #groups, 2 do
  local place = groups[i]
  if is_wanted(place) then
    local oldest = redis.call('ZRANGE', lists .. place, 0, 0, 'WITHSCORES')
    local newest = redis.call('ZRANGE', lists .. place, -1, -1, 'WITHSCORES')
    for _, value in ipairs({ place, groups[i + 1], redis.call('ZCARD', lists .. place), oldest[2], newest[2], newest[1] }) do
      found[#found + 1] = value
    end
  end
end
return found
