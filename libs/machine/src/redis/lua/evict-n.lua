-- Drop a machine from a partition that it has been copied out of. Nobody runs machines meanwhile.
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, high water, its own data key, machines that its hold has stopped, and the indexes
--         it is in
-- ARGV    id
-- Returns 1, or 0 where it is not there
-- A resend finds nothing left. A crash before this: it is there twice, and is copied again before this is done.
--- @include "includes/place"

local record_key, id = KEYS[1], ARGV[1]

if redis.call('EXISTS', record_key) == 0 then
  return 0
end
local place = place_stored(record_key)
redis.call('DEL', record_key, KEYS[2], KEYS[4], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12],
  KEYS[13])
redis.call('ZREM', KEYS[3], id)
redis.call('ZREM', KEYS[5], id)
redis.call('SREM', KEYS[14], id)
for i = 15, #KEYS do
  redis.call('ZREM', KEYS[i], id)
end
local tag = string.match(record_key, '^{[^}]*}')
if place then
  place_leave(tag, id, place)
end
redis.call('ZREM', tag .. ':ix:ids', id)
return 1
