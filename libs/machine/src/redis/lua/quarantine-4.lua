-- Set a machine aside whose record cannot be used. Nothing of it is deleted. Lists show it as failed, as long as the record says what it is.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] quarantine
-- ARGV    id, reason as JSON, the error as JSON, fence of the claim that found it, or '' when a script found it
-- Returns 1, or 0 when the record has been mended or taken by another meanwhile
-- A resend finds it set aside, and changes nothing.
--- @include "includes/record"
--- @include "includes/beside"
--- @include "includes/place"

local record_key, lease_key, watch_key, quarantine_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, reason, failure, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if redis.call('HEXISTS', quarantine_key, id) == 1 and not redis.call('ZSCORE', watch_key, id) then
  return 1
end
local record, problem = record_read(record_key)
if record and lease_beside(lease_key) and (fence == '' or int(record.fence) ~= fence) then
  return 0
end

local now_ms = int(math.floor(server_time_us() / 1000))
redis.call('ZREM', watch_key, id)
if not record and problem == 'missing' then
  redis.call('DEL', lease_key)
end
redis.call('HSET', quarantine_key, id, reason)
local tag = place_parts(record_key)
if redis.call('TYPE', record_key).ok ~= 'hash' then
  place_forget(tag, id)
  redis.call('ZREM', tag .. ':ix:ids', id)
  return 1
end
local f = redis.call('HMGET', record_key, 'machine', 'version', 'state', 'place', 'created', 'status')
local was = place_said(f[4], f[1], f[2], f[6], f[3])
if not was then
  place_forget(tag, id) -- what would say it is what is broken
end
redis.call('HSET', record_key, 'status', 'failed', 'error', failure, 'finished', now_ms, 'updated', now_ms)
local function named(text, pattern)
  return text and string.match(text, pattern)
end
if named(f[1], '^[%w_.-]+$') and named(f[2], '^%d+$') then
  local state = named(f[3], '^[%w_.-]+$') or ''
  local broken = { machine = f[1], version = f[2], state = state, status = 'failed', place = was, created = f[5] }
  broken.title = state .. '\nMACHINE_QUARANTINED\nits record cannot be used'
  broken.group = string.sub(redis.sha1hex(f[1] .. '@' .. f[2] .. '\n' .. broken.title), 1, 16)
  local place, title = place_of(record_key, broken)
  redis.call('HSET', record_key, 'place', place)
  if place ~= was then
    place_move(record_key, broken, place, title)
  end
else
  redis.call('HSET', record_key, 'place', '')
  place_forget(tag, id)
  redis.call('ZREM', tag .. ':ix:ids', id)
end
return 1
