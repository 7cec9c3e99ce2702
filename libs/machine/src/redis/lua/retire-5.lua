-- Drop everything of a finished machine at once.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] history  KEYS[5] retention
-- ARGV    id
-- Returns 1, or 0 when it is not over (it was started anew, or retried, or is kept longer)
-- A resend finds nothing left and answers 0.
--- @include "includes/server"

local id = ARGV[1]
local now_ms = math.floor(server_time_us() / 1000)
local ends = redis.call('ZSCORE', KEYS[5], id)
if not ends or tonumber(ends) > now_ms then
  return 0
end
local status = redis.call('HGET', KEYS[1], 'status')
local over = not status or status == 'completed' or status == 'failed' or status == 'cancelled'

redis.call('ZREM', KEYS[5], id)
if not over then
  return 0
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
redis.call('ZREM', KEYS[3], id)
return 1
