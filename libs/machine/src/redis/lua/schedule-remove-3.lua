-- Drop a schedule and the slots that wait. Its machines go on.
-- KEYS[1] schedule  KEYS[2] slots that wait  KEYS[3] names of all schedules
-- ARGV    name
-- Returns 1, or 0 when there was none. A resend answers 0.

redis.call('SREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[2])
return redis.call('DEL', KEYS[1])
