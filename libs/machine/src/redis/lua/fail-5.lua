-- End an attempt that failed: another one later, or none. State and context stay as they were.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] history  KEYS[5] retention
-- ARGV    id, fence, nonce, steps, retries, next ('retry' | 'failed'), error, history item, delay in ms, retention in ms,
--         history limit, '1' when the lease is kept here
-- Returns { 'failed', next, drive } | { 'stale' } | { 'missing' } | { 'garbage', why }
-- A resend finds its own fence as the last failed one. A crash after this: the watch has the retry.
--- @include "includes/record"
--- @include "includes/lease"

local record_key, lease_key, watch_key, history_key, retention_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, fence, nonce, steps, retries = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local next, failure, item = ARGV[6], ARGV[7], ARGV[8]
local delay, retention, history_limit = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local lease_here = ARGV[12] == '1'

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(record_key)
if not record then
  if problem == 'missing' then
    return { 'missing' }
  end
  return { 'garbage', problem }
end
if record.failed == ARGV[2] then
  return { 'failed', record.status == 'failed' and 'failed' or 'retry', int(record.drive) }
end
if not record_is_ours(record, fence, nonce, steps) or record.retries ~= retries then -- K2
  return { 'stale' }
end
local lease = lease_here and lease_read(lease_key) or nil

history_add(history_key, item, history_limit)
redis.call('HSET', record_key, 'fence', int(fence), 'nonce', nonce, 'failed', int(fence), 'claims', '0', 'error', failure,
  'updated', int(now_ms))
if lease_here and lease_is_held_by(lease, ARGV[2], now_ms) then
  lease_end(lease_key)
end
if next == 'failed' then
  redis.call('HSET', record_key, 'status', 'failed', 'finished', int(now_ms), 'due', '0')
  redis.call('ZADD', retention_key, int(now_ms + retention), id)
  redis.call('ZREM', watch_key, id)
else
  redis.call('HSET', record_key, 'status', 'delayed', 'retries', int(retries + 1), 'due', int(now_ms + delay))
  redis.call('ZADD', watch_key, int(now_ms + delay + WATCH_MS), id)
end
return { 'failed', next, int(record.drive) }
