-- Set a machine aside whose record cannot be used. Nothing of it is deleted.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] quarantine
-- ARGV    id, reason as JSON, the error as JSON, fence of the claim that found it, or '' when a script found it
-- Returns 1, or 0 when the record has been mended or taken by another meanwhile
-- A resend finds it set aside, and changes nothing.
--- @include "includes/record"
--- @include "includes/beside"

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
if redis.call('TYPE', record_key).ok == 'hash' then
  redis.call('HSET', record_key, 'status', 'failed', 'error', failure, 'finished', now_ms, 'updated', now_ms)
end
return 1
