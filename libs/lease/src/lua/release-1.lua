-- Give a lease back.
-- KEYS[1] lease
-- ARGV    steps, retries, fence
-- Returns { 1 } for the live holder with exactly these, else { 0 }
-- A resend answers 0 after a 1: the lease is gone either way.
--- @include "includes/server"
--- @include "includes/lease-end"

local key = KEYS[1]
local steps, retries, fence = ARGV[1], ARGV[2], ARGV[3]

local f = redis.call('HMGET', key, 'fence', 'steps', 'retries', 'nonce', 'until')
if f[1] ~= fence or f[2] ~= steps or f[3] ~= retries or f[4] == ''
  or tonumber(f[5] or '0') <= math.floor(server_time_us() / 1000) then
  return { 0 }
end

lease_end(key)
return { 1 }
