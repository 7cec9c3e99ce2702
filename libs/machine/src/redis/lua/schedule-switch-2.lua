-- Stop a schedule, or start it again from now on.
-- KEYS[1] schedule  KEYS[2] slots that wait
-- ARGV    '1' to stop it, '0' to start it
-- Returns 1, also when it was so before, or 0 when there is no such schedule
-- Stopping leaves the first waiting slot: a worker may be starting it, and then takes it away itself. Starting drops it.
--- @include "includes/server"

local schedule_key, waiting_key, stopped = KEYS[1], KEYS[2], ARGV[1]

local was = redis.call('HGET', schedule_key, 'stopped')
if not was then
  return 0
end
if was == stopped then
  return 1
end

local now_ms = int(math.floor(server_time_us() / 1000))
local keep = stopped == '1' and 1 or 0
local dropped = redis.call('LLEN', waiting_key) - keep
if dropped > 0 then
  redis.call('LTRIM', waiting_key, 0, keep - 1)
  redis.call('HINCRBY', schedule_key, 'missed', dropped)
end
if keep == 0 then
  redis.call('DEL', waiting_key)
  redis.call('HSET', schedule_key, 'last', now_ms)
end
redis.call('HSET', schedule_key, 'stopped', stopped, 'updated', now_ms)
redis.call('HINCRBY', schedule_key, 'rev', 1)
return 1
