-- Write an operation down.
-- KEYS[1] operation  KEYS[2] ids of those that run
-- ARGV    id, spec (JSON), where it begins (JSON), how many match or ''
-- Returns 'created' | 'existing' | 'taken'
-- A resend finds the same spec and answers 'existing'. A crash right after: it is among those that run, and a worker finds it there.
--- @include "includes/server"

local operation_key, running_key = KEYS[1], KEYS[2]
local id, spec, walk, total = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local was = redis.call('HGET', operation_key, 'spec')
if was then
  return was == spec and 'existing' or 'taken'
end

local now_ms = int(math.floor(server_time_us() / 1000))
redis.call('HSET', operation_key, 'spec', spec, 'status', 'running', 'turn', '0', 'walk', walk, 'total', total,
  'started', now_ms, 'updated', now_ms)
redis.call('SADD', running_key, id)
return 'created'
