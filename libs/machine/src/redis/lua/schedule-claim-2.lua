-- The last look before a slot is started: a schedule that was stopped or removed starts nothing. Writes nothing, so that a worker
-- that dies after it leaves the slot to others; two that pass it start one machine, by its correlation id.
-- KEYS[1] schedule  KEYS[2] slots that wait
-- ARGV    slot
-- Returns 1, or 0

if redis.call('HGET', KEYS[1], 'stopped') ~= '0' or redis.call('LINDEX', KEYS[2], 0) ~= ARGV[1] then
  return 0
end
return 1
