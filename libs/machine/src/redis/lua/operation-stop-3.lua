-- Stop an operation: no turn counts any more.
-- KEYS[1] operation  KEYS[2] ids of those that run  KEYS[3] ids of those that have ended, by the time of their end
-- ARGV    id, why, ms to keep it
-- Returns 1, also when it had ended before, or 0 when there is none
-- A resend finds it stopped and changes nothing.
--- @include "includes/operation"

local operation_key, running_key, ended_key = KEYS[1], KEYS[2], KEYS[3]
local id, because, keep_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local status = redis.call('HGET', operation_key, 'status')
if not status then
  return 0
end
if status ~= 'running' then
  return 1
end

local now_ms = math.floor(server_time_us() / 1000)
operation_end(operation_key, running_key, ended_key, id, 'stopped', because, now_ms, keep_ms)
return 1
