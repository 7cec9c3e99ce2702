-- Commit a step, and say in the same script what comes next.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] history  KEYS[5] retention
-- ARGV    id, fence, nonce, steps, next ('continue' | 'queued' | 'delayed' | 'waiting' | 'completed'), state, event,
--         context, history item, delay in ms, ttl in ms, retention in ms, history limit, '1' when the lease is kept here
-- Returns { 'committed', next, fence, until, now, drive } | { 'stale' } | { 'missing' } | { 'garbage', why }
-- A resend finds its own fence as the last committed one. A crash after 'continue': the watch has the lease's expiry (it
-- is not moved at every sticky step: the sweep finds the lease alive and moves it on). After a rest: the watch has the job.
-- `continue` takes the next token for this claim's own, here or in a separate lease store, which is asked after this: even one
-- that loses its counters then never hands that token out again. `continue` becomes `queued` where the lease can't be advanced
-- (L4): the commit stands, the machine is driven anew.
--- @include "includes/record"
--- @include "includes/lease"

local record_key, lease_key, watch_key, history_key, retention_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, fence, nonce, steps, next = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), ARGV[5]
local state, event, context, item = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local delay, ttl, retention, history_limit = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local lease_here = ARGV[14] == '1'

local now_ms = math.floor(server_time_us() / 1000)
local retries, claims, drive = record_guard(record_key, ARGV[2], nonce, ARGV[4])
local lease = lease_here and lease_read(lease_key) or nil
if not retries then
  local record, problem = record_read(record_key)
  if not record then
    if problem == 'missing' then
      return { 'missing' }
    end
    return { 'garbage', problem }
  end
  if record.committed == ARGV[2] then
    local now_next = record.status
    if now_next == 'running' then
      now_next = record.nonce == nonce and 'continue' or 'queued'
    end
    return { 'committed', now_next, int(record.fence), int(math.max(lease and lease.ends or 0, now_ms)), int(now_ms), int(record.drive) }
  end
  if not record_is_ours(record, fence, nonce, steps) then
    return { 'stale' }
  end
  retries, claims, drive = int(record.retries), int(record.claims), int(record.drive)
end
local next_fence = fence + 1
if next == 'continue' and lease_here
  and (next_fence >= MAX_FENCE or not lease_can_advance(lease, ARGV[2], now_ms, server_identity())) then
  next = 'queued'
end

history_add(history_key, item, history_limit)
if retries ~= '0' then
  redis.call('HDEL', record_key, 'error')
end
local next_steps, now = int(steps + 1), int(now_ms)
if next == 'continue' then
  local ends, token = int(now_ms + ttl), int(next_fence)
  if lease_here then
    lease_advance(lease_key, token, next_steps, '0', ends)
  else
    redis.call('ZADD', watch_key, ends, id) -- the sweep cannot see the lease
  end
  redis.call('HSET', record_key, 'state', state, 'event', event, 'context', context, 'steps', next_steps,
    'fence', token, 'committed', ARGV[2], 'updated', now)
  if retries ~= '0' or claims ~= '1' then
    redis.call('HSET', record_key, 'retries', '0', 'claims', '1', 'nonce', nonce)
  end
  return { 'committed', next, token, ends, now, drive }
end

local due = next == 'delayed' and now_ms + delay or 0
redis.call('HSET', record_key, 'status', next, 'state', state, 'event', event, 'context', context, 'steps', next_steps,
  'retries', '0', 'fence', int(fence), 'nonce', nonce, 'committed', int(fence), 'claims', '0', 'due', int(due),
  'updated', now)
if lease_here and lease_is_held_by(lease, ARGV[2], now_ms) then
  lease_end(lease_key)
end
if next == 'completed' then
  redis.call('HSET', record_key, 'finished', now)
  redis.call('ZADD', retention_key, int(now_ms + retention), id)
end
if next == 'queued' or next == 'delayed' then
  redis.call('ZADD', watch_key, int(math.max(now_ms, due) + WATCH_MS), id)
else
  redis.call('ZREM', watch_key, id)
end
return { 'committed', next, int(fence), int(now_ms), int(now_ms), drive }
