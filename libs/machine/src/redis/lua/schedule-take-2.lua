-- Decide on slots: `last` moves on, and the slot that is due joins those that wait to be started.
-- KEYS[1] schedule  KEYS[2] slots that wait
-- ARGV    rev, `last` as it was read, `last` as it shall be, slot or '', number missed, number skipped, slots that may wait
-- Returns 1, or 0 when another took it, or the schedule was changed, stopped or removed since, or it is not due by this server's clock
-- A resend finds `last` moved and answers 0: the caller reads again. A crash right after: the slot waits, and any worker starts it.
--- @include "includes/server"

local schedule_key, waiting_key = KEYS[1], KEYS[2]
local rev, from, to, slot, missed, skipped, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])

local f = redis.call('HMGET', schedule_key, 'rev', 'last', 'stopped')
if f[1] ~= rev or f[2] ~= from or f[3] ~= '0' then
  return 0
end
if tonumber(to) > math.floor(server_time_us() / 1000) then
  return 0
end

redis.call('HSET', schedule_key, 'last', to)
if slot ~= '' then
  if redis.call('LLEN', waiting_key) < limit then
    redis.call('RPUSH', waiting_key, slot)
  else
    skipped = tonumber(skipped) + 1
  end
end
if tonumber(missed) > 0 then
  redis.call('HINCRBY', schedule_key, 'missed', missed)
end
if tonumber(skipped) > 0 then
  redis.call('HINCRBY', schedule_key, 'skipped', skipped)
end
return 1
