-- Keep a machine for longer whose time of keeping is over, and that cannot be dropped as it is: those behind it must not wait for it.
-- KEYS[1] retention
-- ARGV    id, ms
-- Returns { 'kept' }
-- A resend does the same again. A crash before this: it is looked at again at once. One that was started anew, or retried, meanwhile is not
-- in the index, or is kept for longer already.
--- @include "includes/server"

redis.call('ZADD', KEYS[1], 'XX', 'GT', int(math.floor(server_time_us() / 1000) + tonumber(ARGV[2])), ARGV[1])
return { 'kept' }
