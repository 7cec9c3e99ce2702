-- Extend a live lease.
-- KEYS[1] lease
-- ARGV    fence, ttl in ms
-- Returns { 'renewed', until } | { 'lost' }
-- A resend renews once more: harmless.
--- @include "includes/lease"

local key = KEYS[1]
local fence, ttl = ARGV[1], tonumber(ARGV[2])

local now_ms = math.floor(server_time_us() / 1000)
if not lease_is_held_by(lease_read(key), fence, now_ms) then
  return { 'lost' }
end

redis.call('HSET', key, 'until', int(now_ms + ttl))
return { 'renewed', int(now_ms + ttl) }
