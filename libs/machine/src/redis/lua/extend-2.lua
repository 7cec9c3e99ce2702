-- Move the watch of a running step on, whose lease in another store has been renewed (J2).
-- KEYS[1] record  KEYS[2] watch
-- ARGV    id, fence, nonce, steps, ttl in ms, the claim's run
-- Returns { 'extended' } | { 'stale' }
-- A resend moves it on once more: harmless.
--- @include "includes/record"

local record_key, watch_key = KEYS[1], KEYS[2]
local id, fence, nonce, steps, ttl = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(record_key)
if not record or record.run ~= ARGV[6] or not record_is_ours(record, fence, nonce, steps) then
  return { 'stale' }
end

redis.call('ZADD', watch_key, int(now_ms + ttl), id)
return { 'extended' }
