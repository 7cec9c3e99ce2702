-- Commit a step, and say in the same script what comes next. Knows all cases; the hottest one, `continue` with nothing unusual,
-- has a script of its own.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] history  KEYS[5] retention
-- ARGV    id, fence, nonce, steps, next ('continue' | 'queued' | 'delayed' | 'waiting' | 'completed'), state, event,
--         context, history item, delay in ms, ttl in ms, retention in ms, history limit, '1' when the lease is kept here
-- Returns { 'committed', next, fence, until, now, drive } | { 'stale' } | { 'missing' } | { 'garbage', why }
-- A resend finds its own fence as the last committed one. A crash after 'continue': the watch has the lease's expiry (it
-- is not moved at every sticky step: the sweep finds the lease alive and moves it on). After a rest: the watch has the job.
-- `continue` takes the next token for this claim's own, here or in a separate lease store, which is asked after this: even one
-- that loses its counters then never hands that token out again. `continue` becomes `queued` where the lease can't be advanced
-- (L4): the commit stands, the machine is driven anew.
--- @include "includes/watch"

local record_key, lease_key, watch_key, history_key, retention_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, fence, nonce, steps, next = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local state, event, context, item = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local delay, ttl, retention, history_limit = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local lease_here = ARGV[14] == '1'
local next_steps = string.format('%.0f', steps + 1)

local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', now_ms)

-- Every write of a commit that rests, and its reply. `held`: the lease is here, alive, and this claim's.
local function rest(drive, held)
  if redis.call('RPUSH', history_key, item) > history_limit then
    redis.call('LTRIM', history_key, -history_limit, -1)
  end
  local due = next == 'delayed' and now_ms + delay or 0
  redis.call('HSET', record_key, 'status', next, 'state', state, 'event', event, 'context', context, 'steps', next_steps,
    'retries', '0', 'fence', fence, 'nonce', nonce, 'committed', fence, 'claims', '0', 'due', string.format('%.0f', due),
    'updated', now)
  if held then
    redis.call('HSET', lease_key, 'nonce', '', 'until', '0')
  end
  if next == 'completed' then
    redis.call('HSET', record_key, 'finished', now)
    redis.call('ZADD', retention_key, string.format('%.0f', now_ms + retention), id)
  end
  if next == 'queued' or next == 'delayed' then
    redis.call('ZADD', watch_key, string.format('%.0f', math.max(now_ms, due) + WATCH_MS), id)
  else
    redis.call('ZREM', watch_key, id)
  end
  return { 'committed', next, fence, now, now, drive }
end

-- The usual case first, before the other includes: each function that a script defines is made anew at every call. K1 as texts:
-- the claim's own fence and nonce at its own step, and no failure to be cleared away.
local f = redis.pcall('HMGET', record_key, 'fence', 'nonce', 'steps', 'status', 'retries', 'drive')
local l = lease_here and redis.pcall('HMGET', lease_key, 'fence', 'nonce', 'until') or {}
if next ~= 'continue' and f[1] == fence and f[2] == nonce and f[3] == ARGV[4] and f[4] == 'running' and f[5] == '0'
  and f[6] and not l.err then
  return rest(f[6], l[1] == fence and l[2] ~= '' and tonumber(l[3] or '0') > now_ms)
end

--- @include "includes/record"
--- @include "includes/lease"

local record, problem = record_read(record_key)
if not record then
  if problem == 'missing' then
    return { 'missing' }
  end
  return { 'garbage', problem }
end
local lease = lease_here and lease_read(lease_key) or nil
if record.committed == fence then
  local now_next = record.status
  if now_next == 'running' then
    now_next = record.nonce == nonce and 'continue' or 'queued'
  end
  return { 'committed', now_next, int(record.fence), int(math.max(lease and lease.ends or 0, now_ms)), now, int(record.drive) }
end
local token = tonumber(fence)
if not record_is_ours(record, token, nonce, steps) then
  return { 'stale' }
end
if next == 'continue' and lease_here
  and (token + 1 >= MAX_FENCE or not lease_can_advance(lease, fence, now_ms, server_identity())) then
  next = 'queued'
end

if record.retries > 0 then
  redis.call('HDEL', record_key, 'error')
end
if next ~= 'continue' then
  return rest(int(record.drive), lease_here and lease_is_held_by(lease, fence, now_ms))
end
local ends, next_token = int(now_ms + ttl), int(token + 1)
if lease_here then
  lease_advance(lease_key, next_token, next_steps, '0', ends)
else
  redis.call('ZADD', watch_key, ends, id) -- the sweep cannot see the lease
end
history_add(history_key, item, history_limit)
redis.call('HSET', record_key, 'state', state, 'event', event, 'context', context, 'steps', next_steps, 'retries', '0',
  'fence', next_token, 'nonce', nonce, 'committed', fence, 'claims', '1', 'due', '0', 'updated', now)
return { 'committed', next, next_token, ends, now, int(record.drive) }
