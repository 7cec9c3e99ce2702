-- The outside task that holds a callback token is alive: the token's time begins anew.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    hash of the token, details (JSON) or ''
-- Returns { 'alive', expires in ms } | { 'gone' }
-- A resend begins it once more: harmless.
--- @include "includes/callbacks"

local K = machine_keys(KEYS)
local hash, details = ARGV[1], ARGV[2]

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record then
  return { 'gone' }
end
record_more(K.record, record)
local token = callback_read(K, record, hash, now_ms)
if not token or token.used or record_is_over(record) then
  return { 'gone' }
end

token.expires = now_ms + token.ttl
callback_write(K, hash, token)
if details ~= '' then
  redis.call('HSET', K.record, 'beat', details, 'once', '1')
end
return { 'alive', int(token.expires) }
