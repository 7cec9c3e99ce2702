-- Begin a step under a lease of another store.
-- KEYS[1] record  KEYS[2] watch
-- ARGV    id, steps, retries, machine, version, nonce, ttl in ms, worker, fence, seat, identity that peek read,
--         rev, of how many claims this may not be, nor of more (see claim_is_crowded) or '0'
-- Returns { 'claimed', … } | { 'stale' } | { 'asked' } (see claim_is_asked) | { 'crowded' } |
--         a refusal (see claim_refusal)
-- A resend finds its own fence and nonce and gets the same answer.
--- @include "includes/claim"

local record_key, watch_key = KEYS[1], KEYS[2]
local id = ARGV[1]
local job = { steps = tonumber(ARGV[2]), retries = tonumber(ARGV[3]), machine = ARGV[4], version = ARGV[5],
  rev = tonumber(ARGV[12]) or 0 }
local nonce, ttl, worker = ARGV[6], tonumber(ARGV[7]), ARGV[8]
local fence, seat, peeked = tonumber(ARGV[9]), ARGV[10], ARGV[11]

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(record_key)
local refusal = claim_refusal(record, problem, job, now_ms)
if refusal then
  return refusal
end
local ends = now_ms + ttl
if record.fence == fence and record.nonce == nonce then
  return claim_reply(record_key, fence, ends, now_ms, record.claims)
end
local identity = server_identity()
-- C1: a lower fence, or an equal one of another attempt; S1: a lease of the store this machine has left, or a record
-- that was read on another server.
if fence <= record.fence or identity ~= peeked
  or (redis.call('HGET', record_key, 'seat') or 'primary') ~= seat then
  return { 'stale' }
end
if claim_is_asked(record_key, record) then
  return { 'asked' }
end
if claim_is_crowded(record, tonumber(ARGV[13])) then
  claim_makes_room(watch_key, id, now_ms, ttl)
  return { 'crowded' }
end

claim_write(record_key, watch_key, id, record, fence, nonce, worker, ends)
redis.call('HSET', record_key, 'server', identity, 'seat', seat)
return claim_reply(record_key, fence, ends, now_ms, record.claims + 1)
