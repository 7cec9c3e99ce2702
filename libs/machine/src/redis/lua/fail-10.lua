-- End an attempt that failed: another one later, or none. State and context stay as they were.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, fence, nonce, steps, retries, next ('retry' | 'failed'), error, history item, delay in ms, retention in ms,
--         history limit, '1' when the lease is kept here, for 'failed' its group of failures and that one's text (see includes/place),
--         traceparent (see includes/record) or '', the claim's run
-- Returns { 'failed', next or 'paused', then steps, retries, drive, rev of the job that it waits for or nothing } | { 'cancelled', job … or nothing } | { 'stale' } | { 'missing' } |
--         { 'moved' } on another server than the claim's | { 'garbage', why }
-- A resend finds its own fence as the last failed one. A crash after this: the watch has the retry.
--- @include "includes/ending"
--- @include "includes/lease-away"

local K = machine_keys(KEYS)
local id, fence, nonce, steps, retries = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local next, failure, item = ARGV[6], ARGV[7], ARGV[8]
local delay, retention, history_limit = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local lease_here, group, title = ARGV[12] == '1', ARGV[13], ARGV[14]

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(K.record)
if not record then
  if problem == 'missing' then
    return { 'missing' }
  end
  return { 'garbage', problem }
end
if record.run ~= ARGV[16] then -- of a run before, whose tokens say nothing here
  return { 'stale' }
end
if record.failed == ARGV[2] then
  local status = record.status
  if status == 'queued' or status == 'delayed' then -- an operator may have had his say since: what the record waits for now
    return { 'failed', 'retry', int(record.steps), int(record.retries), int(record.drive), int(record.rev) }
  end
  return { 'failed', (status == 'failed' or status == 'paused') and status or 'retry' }
end
if not record_is_ours(record, fence, nonce, steps) or record.retries ~= retries then -- K2
  return stopped_before(K, record, ARGV[2], now_ms) or { 'stale' }
end
local lease = lease_here and lease_read(K.lease) or nil
if record_has_moved(K.record, lease) then
  return { 'moved' }
end
record_more(K.record, record)

record.fence, record.claims = fence, 0
local held = lease_here and lease_is_held_by(lease, ARGV[2], now_ms)
-- Puts away the lease after other writes: where memory is out Redis refuses a script at its first write only, and no DEL.
if record.cancel == 'graceful' then -- the attempt was aborted: it has not failed by itself
  stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit)
  redis.call('HSET', K.record, 'fence', ARGV[2], 'nonce', nonce, 'ceased', ARGV[2])
  record_write(K.record, record, now_ms)
  if held then
    lease_put_away(K, lease)
  end
  watch_write(K, id, record, now_ms)
  return stopped_before(K, record, ARGV[2], now_ms)
end
history_add(K, item, history_limit)
if ARGV[15] ~= '' then
  redis.call('HSET', K.record, 'traceparent', ARGV[15])
end
redis.call('HSET', K.record, 'fence', ARGV[2], 'nonce', nonce, 'failed', ARGV[2], 'error', failure)
if next == 'failed' then
  record.group, record.title = group, title
  end_machine(K, id, record, 'failed', now_ms, retention)
else
  record.status, record.retries, record.due = 'delayed', retries + 1, now_ms + delay
  stop_as_asked(K, id, record, 'delayed', now_ms, retention, history_limit)
end
record_write(K.record, record, now_ms)
if held then
  lease_put_away(K, lease)
end
watch_write(K, id, record, now_ms)
if record.status == 'delayed' then
  return { 'failed', next, int(record.steps), int(record.retries), int(record.drive), int(record.rev) }
end
return { 'failed', record.status == 'paused' and 'paused' or next }
