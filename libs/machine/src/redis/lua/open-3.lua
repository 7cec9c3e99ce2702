-- Claim a job where lease and record share a Redis: peek + acquire + begin in one script (C2).
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch
-- ARGV    id, steps, retries, machine, version, nonce, ttl in ms, worker, rev, of how many claims this may not be, nor of more (see
--         claim_is_crowded) or '0'; never '1'
-- Returns { 'claimed', … } (see claim_reply) | { 'held', until, ms left } | { 'asked' } (see claim_is_asked) |
--         { 'crowded' } (see claim_is_crowded) | a refusal (see claim_refusal)
-- A resend finds its own nonce and gets the same answer. A crash after this: the watch stands at the lease's expiry.

local record_key, lease_key, watch_key = KEYS[1], KEYS[2], KEYS[3]
local id = ARGV[1]
local nonce, ttl, worker = ARGV[6], tonumber(ARGV[7]), ARGV[8]

-- The usual case, told from texts as they are written: a job whose turn it is, no claim that came to nothing, and no lease, the record's
-- server being this one (see includes/lease-away), or one that was released on this very server by whoever wrote the record's fence. It
-- stands before all includes:
-- each function that a script defines is made anew at every call. A delayed machine comes to another place in the lists, a queued one
-- does not.
local f = redis.pcall('HMGET', record_key, 'status', 'steps', 'retries', 'machine', 'version', 'claims', 'fence', 'due', 'state',
  'event', 'context', 'run', 'max', 'drive', 'queue', 'drives',
  'rev', 'more', 'data', 'deadline', 'late', 'server', 'since', 'traceparent')
local l = redis.pcall('HMGET', lease_key, 'fence', 'nonce', 'server')
local time = redis.call('TIME')
local info = redis.call('INFO', 'replication')
local from = string.find(info, 'master_replid:', 1, true) + 14
local server = string.sub(info, from, from + 15)
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local function count(text)
  local number = text and string.match(text, '^%d+$') and tonumber(text)
  return number and number < 9007199254740991 and number
end
local retries, drive = f[3] or '0', f[14] or '0'
local fence, due = count(f[7]), count(f[8] or '0')
local free = (l[1] == false and f[22] == server) or (l[1] == f[7] and l[2] == '' and l[3] == server)
if free and f[1] == 'queued' and f[2] == ARGV[2] and retries == ARGV[3] and f[4] == ARGV[4]
  and f[5] == ARGV[5] and (f[6] or '0') == '0' and fence and fence < 9007199254740990 and due and due <= ms and count(drive) and count(f[16] or '0')
  and (f[17] or '0') == ARGV[9]
  and f[9] and f[10] and f[11] and f[12] and f[13] and f[15] then
  local token = string.format('%.0f', fence + 1)
  local ends, now = string.format('%.0f', ms + ttl), string.format('%.0f', ms)
  if l[1] then
    redis.call('HSET', lease_key, 'advanced', '')
  end
  redis.call('HSET', lease_key, 'fence', token, 'nonce', nonce, 'steps', f[2], 'retries', retries, 'until', ends, 'server', server)
  redis.call('HSET', record_key, 'status', 'running', 'fence', token, 'nonce', nonce, 'worker', worker, 'claims', '1',
    'drives', '0')
  redis.call('ZADD', watch_key, ends, id)
  return { 'claimed', token, ends, now, '1', f[9], f[10], f[11], f[12], f[13], f[2], retries, drive,
    f[17] or '0', f[18] or '', f[19] or '', f[20] or '0', f[21] or '', f[23] or '', f[24] or '' }
end

--- @include "includes/claim"
--- @include "includes/beside"

local job = { steps = tonumber(ARGV[2]), retries = tonumber(ARGV[3]), machine = ARGV[4], version = ARGV[5],
  rev = tonumber(ARGV[9]) or 0 }
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
if claim_is_asked(record_key, record) then
  return { 'asked' }
end
if claim_is_crowded(record, tonumber(ARGV[10])) then
  claim_makes_room(watch_key, id, now_ms, ttl)
  return { 'crowded' }
end
local identity = server_identity()
-- L3: no lease, and a record that was started on another server: its first grants may have been lost with that one's tail.
local moved = not lease.server and (redis.call('HGET', record_key, 'server') or identity) ~= identity
local fence = lease_next_fence(lease, record.fence, identity, now_us, moved)
if not fence then
  return { 'garbage', 'the fence token has reached 2^53' }
end

local ends = now_ms + ttl
lease_grant(lease_key, int(fence), nonce, ARGV[2], ARGV[3], int(ends), identity)
claim_write(record_key, watch_key, id, record, fence, nonce, worker, ends)
return claim_reply(record_key, fence, ends, now_ms, record.claims + 1)
