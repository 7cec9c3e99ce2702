-- Write one turn of an operation down: where it stands now, and what came of the machines of that turn.
-- KEYS[1] operation  KEYS[2] ids of those that run  KEYS[3] ids of those that have ended, by the time of their end
-- ARGV    id, number of the turn before, where it stands (JSON), 'done' or why it stops by itself or '' where it goes on,
--         ms to keep it after its end, then field, number, … to add
-- Returns 1, or 0 when another worker has taken this turn, or it has ended or was stopped
-- A resend finds the turn taken and answers 0. A crash before this: the turn is done again, by whoever takes the operation up.
--- @include "includes/operation"

local operation_key, running_key, ended_key, id = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local turn, walk, ending, keep_ms = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local f = redis.call('HMGET', operation_key, 'status', 'turn')
if f[1] ~= 'running' or f[2] ~= turn then
  return 0
end

local now_ms = math.floor(server_time_us() / 1000)
redis.call('HSET', operation_key, 'turn', int(tonumber(turn) + 1), 'walk', walk, 'updated', int(now_ms))
for i = 6, #ARGV, 2 do
  redis.call('HINCRBY', operation_key, ARGV[i], ARGV[i + 1])
end
if ending == 'done' then
  operation_end(operation_key, running_key, ended_key, id, 'done', '', now_ms, keep_ms)
elseif ending ~= '' then
  operation_end(operation_key, running_key, ended_key, id, 'stopped', ending, now_ms, keep_ms)
end
return 1
