-- Stop an operation: no page counts any more.
-- KEYS[1] operation  KEYS[2] ids of those that run
-- ARGV    id, ms to keep it
-- Returns 1, also when it had ended before, or 0 when there is none
--- @include "includes/server"

local operation_key, running_key, id, keep_ms = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

local status = redis.call('HGET', operation_key, 'status')
if not status then
  return 0
end
if status ~= 'running' then
  return 1
end

redis.call('HSET', operation_key, 'status', 'stopped', 'finished', int(math.floor(server_time_us() / 1000)))
redis.call('SREM', running_key, id)
redis.call('PEXPIRE', operation_key, keep_ms)
return 1
