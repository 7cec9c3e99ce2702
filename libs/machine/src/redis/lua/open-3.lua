-- Claim a job where lease and record share a Redis: peek + acquire + begin in one script (C2).
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch
-- ARGV    id, steps, retries, machine, version, nonce, ttl in ms, worker
-- Returns { 'claimed', … } (see claim_reply) | { 'held', until, ms left } | a refusal (see claim_refusal)
-- A resend finds its own nonce and gets the same answer. A crash after this: the watch stands at the lease's expiry.
--- @include "includes/claim"
--- @include "includes/beside"

local record_key, lease_key, watch_key = KEYS[1], KEYS[2], KEYS[3]
local id = ARGV[1]
local job = { steps = tonumber(ARGV[2]), retries = tonumber(ARGV[3]), machine = ARGV[4], version = ARGV[5] }
local nonce, ttl, worker = ARGV[6], tonumber(ARGV[7]), ARGV[8]

local now_us = server_time_us()
local now_ms = math.floor(now_us / 1000)
local record, problem = record_read(record_key)
local refusal = claim_refusal(record, problem, job, now_ms)
if refusal then
  return refusal
end
local lease, lease_problem = lease_beside(lease_key)
if not lease then
  return { 'garbage', lease_problem }
end
if record.nonce == nonce and lease_is_repeat(lease, nonce, ARGV[2], ARGV[3]) then
  return claim_reply(record_key, lease.fence, lease.ends, now_ms, record.claims)
end
if lease_is_live(lease, now_ms) then
  redis.call('ZADD', watch_key, int(lease.ends), id)
  return { 'held', int(lease.ends), int(lease.ends - now_ms) }
end
local identity = server_identity()
local fence = lease_next_fence(lease, record.fence, identity, now_us, false)
if not fence then
  return { 'garbage', 'the fence token has reached 2^53' }
end

local ends = now_ms + ttl
lease_grant(lease_key, int(fence), nonce, ARGV[2], ARGV[3], int(ends), identity)
claim_write(record_key, watch_key, id, record, fence, nonce, worker, ends)
return claim_reply(record_key, fence, ends, now_ms, record.claims + 1)
