-- What a machine waits for. Writes nothing.
-- KEYS[1] limits (see includes/share)
-- ARGV    id
-- Returns { 'waits', name, slots in use, slots, µs between two, place in line } | { 'no' }
--- @include "includes/share"

local S = share_open(KEYS[1])
local entry = share_waiting(S, ARGV[1])
local place = entry and redis.call('ZRANK', S.tag .. ':line:' .. entry.name, ARGV[1])
local limit = place and share_limit(S, entry.name)
if not limit then
  return { 'no' }
end
local used = redis.call('ZCOUNT', S.tag .. ':use:' .. entry.name, '(' .. int(S.now), '+inf')
return { 'waits', entry.name, int(used), int(limit.slots), int(limit.gap), int(place) }
