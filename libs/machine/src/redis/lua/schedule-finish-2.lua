-- Take the first waiting slot away: its machine was started, or cannot be.
-- KEYS[1] schedule  KEYS[2] slots that wait
-- ARGV    slot, correlation id or '', error (JSON) or ''
-- Returns 1, or 0 when it is gone: another worker has ended it, or the schedule was removed, or stopped and started again
-- A resend finds another slot first (slots of a schedule only ever grow) and answers 0.

local schedule_key, waiting_key = KEYS[1], KEYS[2]
local slot, id, problem = ARGV[1], ARGV[2], ARGV[3]

if redis.call('LINDEX', waiting_key, 0) ~= slot or redis.call('EXISTS', schedule_key) == 0 then
  return 0
end

redis.call('LPOP', waiting_key)
if problem ~= '' then
  redis.call('HSET', schedule_key, 'error', problem)
  redis.call('HINCRBY', schedule_key, 'failed', 1)
else
  redis.call('HSET', schedule_key, 'slot', slot, 'id', id)
  redis.call('HINCRBY', schedule_key, 'started', 1)
end
return 1
