-- Which places of a partition have machines, and how many each: all at one moment. Writes nothing.
-- KEYS[1] places
-- ARGV    what a place begins with, '' for all
-- Returns { place, number of machines, place, number … }
-- Bounded: a place for each state and class of each definition, and 500 groups of failures.

local places_key, begins = KEYS[1], ARGV[1]
local lists = string.match(places_key, '^{[^}]*}') .. ':ix:p:'

local found = {}
for _, place in ipairs(redis.call('SMEMBERS', places_key)) do
  if string.sub(place, 1, #begins) == begins then
    found[#found + 1] = place
    found[#found + 1] = redis.call('ZCARD', lists .. place)
  end
end
return found
