-- Which places of a partition have machines, and how many each: all at one moment. Writes nothing.
-- KEYS[1] places
-- ARGV    which (see includes/wanted) …
-- Returns { place, number of machines, place, number … }
-- Bounded: a place for each state and class of each definition, and 500 groups of failures.
--- @include "includes/wanted"

local places_key = KEYS[1]
local is_wanted = places_wanted(ARGV, 1)
local lists = string.match(places_key, '^{[^}]*}') .. ':ix:p:'

local found = {}
for _, place in ipairs(redis.call('SMEMBERS', places_key)) do
  if is_wanted(place) then
    local count = redis.pcall('ZCARD', lists .. place)
    if type(count) == 'number' then -- somebody may have put another type there by hand
      found[#found + 1] = place
      found[#found + 1] = count
    end
  end
end
return found
