-- Acquire a lease.
-- KEYS[1] lease
-- ARGV    steps, retries, nonce, ttl in ms, floor, jump ('1' or '0')
-- Returns { 'granted', fence, until } | { 'held', steps, retries, until, ms left }
-- A crash or a lost reply after this: the lease expires by itself; a resend of the same nonce gets the same answer.

local key = KEYS[1]
local steps, retries, nonce = ARGV[1], ARGV[2], ARGV[3]
local ttl, floor, jump = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'

-- The usual case, told from texts as they are written: a lease that was never taken, or was released on this very server. It
-- stands before the include: each function that a script defines is made anew at every call.
local f = redis.call('HMGET', key, 'fence', 'nonce', 'server')
local time = redis.call('TIME')
local info = redis.call('INFO', 'replication')
local from = string.find(info, 'master_replid:', 1, true) + 14
local server = string.sub(info, from, from + 15)
local last = (f[1] == false and 0) or (f[2] == '' and f[3] == server and tonumber(f[1]))
if last and last >= floor and last < 9007199254740990 and not jump then
  local token = string.format('%.0f', last + 1)
  local ends = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ttl)
  redis.call('HSET', key, 'fence', token, 'nonce', nonce, 'steps', steps, 'retries', retries, 'until', ends, 'server', server,
    'advanced', '')
  return { 'granted', token, ends }
end

--- @include "includes/lease"

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
