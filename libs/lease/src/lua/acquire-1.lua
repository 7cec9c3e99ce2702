-- Acquire a lease.
-- KEYS[1] lease
-- ARGV    steps, retries, nonce, ttl in ms, floor, jump ('1' or '0')
-- Returns { 'granted', fence, until } | { 'held', steps, retries, until, ms left }
-- A crash or a lost reply after this: the lease expires by itself; a resend of the same nonce gets the same answer.
--- @include "includes/lease"

local key = KEYS[1]
local steps, retries, nonce = ARGV[1], ARGV[2], ARGV[3]
local ttl, floor, jump = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'

local now_us = server_time_us()
local now_ms = math.floor(now_us / 1000)
local lease = lease_read(key)

if lease_is_repeat(lease, nonce, steps, retries) then
  return { 'granted', int(lease.fence), int(lease.ends) }
end
if lease_is_live(lease, now_ms) then
  return { 'held', lease.steps, lease.retries, int(lease.ends), int(lease.ends - now_ms) }
end
local identity = server_identity()
local fence = lease_next_fence(lease, floor, identity, now_us, jump)
if not fence then
  return redis.error_reply('FENCE the token of this lease has reached 2^53')
end

local token, ends = int(fence), int(now_ms + ttl)
lease_grant(key, token, nonce, steps, retries, ends, identity)
return { 'granted', token, ends }
