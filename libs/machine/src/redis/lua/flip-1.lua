-- Move a machine's lease to the other lease store, once (S1). The record's fence rises to server time in µs, so that both
-- stores can never grant the same token.
-- KEYS[1] record
-- ARGV    seat it is moved from, cooldown in ms
-- Returns { seat, fence } after the move | { seat, fence } unchanged when another moved it first | { '', fence } in the cooldown
--- @include "includes/record"

local record_key, from, cooldown = KEYS[1], ARGV[1], tonumber(ARGV[2])

local now_us = server_time_us()
local now_ms = math.floor(now_us / 1000)
local record = record_read(record_key)
if not record then
  return { '', '0' }
end
local f = redis.call('HMGET', record_key, 'seat', 'flipped')
local seat = f[1] or 'primary'
if seat ~= from then
  return { seat, int(record.fence) }
end
if f[2] and tonumber(f[2]) + cooldown > now_ms then
  return { '', int(record.fence) }
end

seat = from == 'primary' and 'secondary' or 'primary'
local fence = math.max(record.fence, now_us)
redis.call('HSET', record_key, 'seat', seat, 'fence', int(fence), 'nonce', '', 'flipped', int(now_ms))
return { seat, int(fence) }
