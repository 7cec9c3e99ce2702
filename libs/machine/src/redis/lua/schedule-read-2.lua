-- A schedule and its waiting slots at one instant. Writes nothing.
-- KEYS[1] schedule  KEYS[2] slots that wait
-- Returns { now, number of slots that wait, the first of them or '', field, value, … }, without fields where there is no schedule
--- @include "includes/server"

local reply = redis.call('HGETALL', KEYS[1])
local head = redis.call('LINDEX', KEYS[2], 0)
table.insert(reply, 1, head or '')
table.insert(reply, 1, int(redis.call('LLEN', KEYS[2])))
table.insert(reply, 1, int(math.floor(server_time_us() / 1000)))
return reply
