-- Make a schedule, or replace it. Where its timing changes it begins anew now: slots before are no slots of the new timing.
-- KEYS[1] schedule  KEYS[2] names of all schedules
-- ARGV    name, spec (JSON), timing (JSON), how many schedules there may be
-- Returns 'created' | 'changed' | 'same' | 'full'
-- A resend finds the same spec and answers 'same'. Whatever number of processes put it at once, one hash is there.
--- @include "includes/server"

local schedule_key, names_key = KEYS[1], KEYS[2]
local name, spec, timing, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local now_ms = int(math.floor(server_time_us() / 1000))
local f = redis.call('HMGET', schedule_key, 'spec', 'timing')
if f[1] == spec then
  return 'same'
end
if not f[1] and redis.call('SCARD', names_key) >= limit then
  return 'full'
end

redis.call('HSET', schedule_key, 'spec', spec, 'timing', timing, 'updated', now_ms)
redis.call('HINCRBY', schedule_key, 'rev', 1)
if f[2] ~= timing then
  redis.call('HSET', schedule_key, 'anchor', now_ms, 'last', now_ms)
end
if f[1] then
  return 'changed'
end
redis.call('HSET', schedule_key, 'created', now_ms, 'stopped', '0')
redis.call('SADD', names_key, name)
return 'created'
