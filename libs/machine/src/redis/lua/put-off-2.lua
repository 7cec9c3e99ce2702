-- Leave a machine alone for a while that stands in line (see includes/share): it is woken when its turn comes, and its job comes by
-- itself. Not beyond its deadline.
-- KEYS[1] record  KEYS[2] watch
-- ARGV    id, ms
-- Returns { 'put-off' }
-- A resend does the same again. A crash after this: a job that is lost is made anew when that time is over.

local record_key, watch_key, id, ms = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local f = redis.call('HMGET', record_key, 'status', 'deadline')
if f[1] == 'queued' or f[1] == 'delayed' then
  local time = redis.call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local at, deadline = now_ms + ms, tonumber(f[2] or '0') or 0
  if deadline > now_ms then
    at = math.min(at, deadline)
  end
  local watched = redis.call('ZSCORE', watch_key, id)
  if watched and at > tonumber(watched) then
    redis.call('ZADD', watch_key, string.format('%.0f', at), id)
  end
end
return { 'put-off' }
