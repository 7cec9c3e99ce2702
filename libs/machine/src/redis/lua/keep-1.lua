-- Keep a machine for longer whose time of keeping is over, and that cannot be dropped as it is: those behind it must not wait for it.
-- KEYS[1] retention
-- ARGV    id, ms
-- Returns 1, or 0 where it is not over any more: it was started anew, or retried, meanwhile
-- A resend finds it kept, and answers 0. A crash before this: it is looked at again at once.
--- @include "includes/server"

local now_ms = math.floor(server_time_us() / 1000)
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or tonumber(ends) > now_ms then
  return 0
end
redis.call('ZADD', KEYS[1], int(now_ms + tonumber(ARGV[2])), ARGV[1])
return 1
