-- Add a page of machines to an operation's counts, and move past it.
-- KEYS[1] operation  KEYS[2] ids of those that run
-- ARGV    id, partition, score and id of the cursor as it was read, the same as it shall be, '1' when nothing comes after it,
--         ms to keep it after its end, then field, number, … to add
-- Returns 1, or 0 when another worker has moved it, or it has ended or was stopped
-- A resend finds the cursor moved and answers 0. A page that moves nothing (an empty partition) still moves the cursor.
--- @include "includes/server"

local operation_key, running_key, id = KEYS[1], KEYS[2], ARGV[1]
local last, keep_ms = ARGV[8] == '1', ARGV[9]

local f = redis.call('HMGET', operation_key, 'status', 'partition', 'score', 'id')
if f[1] ~= 'running' or f[2] ~= ARGV[2] or f[3] ~= ARGV[3] or f[4] ~= ARGV[4] then
  return 0
end

local now_ms = int(math.floor(server_time_us() / 1000))
redis.call('HSET', operation_key, 'partition', ARGV[5], 'score', ARGV[6], 'id', ARGV[7], 'updated', now_ms)
for i = 10, #ARGV, 2 do
  redis.call('HINCRBY', operation_key, ARGV[i], ARGV[i + 1])
end
if last then
  redis.call('HSET', operation_key, 'status', 'done', 'finished', now_ms)
  redis.call('SREM', running_key, id)
  redis.call('PEXPIRE', operation_key, keep_ms)
end
return 1
