-- Commit a step, and say in the same script what comes next. Knows all cases; the usual ones have scripts of their own (`continue`,
-- `rest`).
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, fence, nonce, steps, next ('continue' | 'queued' | 'delayed' | 'waiting' | 'completed'), state, event, context,
--         history item, delay in ms, ttl in ms, retention in ms, history limit, '1' when the lease is kept here,
--         time at which the state was entered in server ms or '0' when it was not left, '1' to go on at once with an event that
--         waits, what the state takes, its timers as '<ms from now>:<event> …', the claim's run, number of messages, messages …, then for each group of children: name,
--         number of fields, field, value …, number of children, child …
-- Returns { 'committed', next, drive, rev, fence, now, event, data, more, traceparent (see includes/record) or '' } | { 'cancelled', job … or nothing } | { 'stale' } | { 'missing' } |
--         { 'moved' } on another server than the claim's | { 'garbage', why }
-- A resend finds its own fence as the last committed one. A crash after 'continue': the watch has the lease's expiry (it
-- is not moved at every sticky step: the sweep finds the lease alive and moves it on). After a rest: the watch has whatever is next.
-- `continue` takes the next token for this claim's own, here or in a separate lease store, which is asked after this: even one
-- that loses its counters then never hands that token out again. `continue` becomes `queued` where the lease can't be advanced
-- (L4) or a pause was asked for: the commit stands.
-- K4: a machine that would wait goes on where the inbox has something for it.
--- @include "includes/ending"
--- @include "includes/children"
--- @include "includes/lease-away"

local K = machine_keys(KEYS)
local id, fence, nonce, steps, next = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local state, event, context, item = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local delay, ttl, retention, history_limit = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local lease_here, stayed, goes_on = ARGV[14] == '1', ARGV[15] == '0', ARGV[16] == '1'
local takes, timers, run, messages = ARGV[17], ARGV[18], ARGV[19], tonumber(ARGV[20])

-- Whose span has caused what comes next, as the record has it.
local function cause()
  return redis.call('HGET', K.record, 'traceparent') or ''
end

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(K.record)
if not record then
  if problem == 'missing' then
    return { 'missing' }
  end
  return { 'garbage', problem }
end
if record.run ~= run then -- of a run before, whose tokens say nothing here
  return { 'stale' }
end
record_more(K.record, record)
local lease = lease_here and lease_read(K.lease) or nil
if record.committed == fence then
  local now_next = record.status
  if now_next == 'running' then
    now_next = record.nonce == nonce and 'continue' or 'queued'
  end
  return { 'committed', now_next, int(record.drive), int(record.rev), int(record.fence), int(now_ms), record.event, record.data or '',
    record.more and '1' or '', cause() }
end
local token = tonumber(fence)
if not record_is_ours(record, token, nonce, steps) then
  return stopped_before(K, record, fence, now_ms) or { 'stale' }
end
if record_has_moved(K.record, lease) then
  return { 'moved' }
end

record.fence = token
local held = lease_here and lease_is_held_by(lease, fence, now_ms)
if record.cancel == 'graceful' then -- O1: one of the two, never both
  stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit)
  redis.call('HSET', K.record, 'fence', fence, 'nonce', nonce, 'ceased', fence)
  record_write(K.record, record, now_ms)
  if held then
    lease_put_away(K, lease)
  end
  watch_write(K, id, record, now_ms)
  return stopped_before(K, record, fence, now_ms)
end
local can_advance = token + 1 < MAX_FENCE and (not lease_here or lease_can_advance(lease, fence, now_ms, server_identity()))

history_add(K, item, history_limit)
if record.retries > 0 then
  redis.call('HDEL', K.record, 'error')
end
if record.once then
  redis.call('DEL', K.results)
  redis.call('HDEL', K.record, 'beat')
  record.once = false
end
if record.tokens and tonumber(record.tokens) < steps and not stayed then
  redis.call('DEL', K.callbacks)
  record.tokens = nil
end
for i = 21, 20 + messages do
  outbox_add(K, record, ARGV[i])
end
children_add(K, record, ARGV, 21 + messages)

record.state, record.event, record.data = state, event, nil
record.steps, record.retries, record.claims, record.due = steps + 1, 0, 0, 0
if not stayed then
  record.entered, record.timers = steps, ''
  redis.call('HSET', K.record, 'since', ARGV[15])
  if next == 'waiting' then
    local absolute = {}
    for after, name in string.gmatch(timers, '(%d+):(%S+)') do
      absolute[#absolute + 1] = int(now_ms + tonumber(after)) .. ':' .. name
    end
    record.timers = table.concat(absolute, ' ')
  end
end
record.takes = next == 'waiting' and takes or ''
record.status = next
if next == 'delayed' then
  record.due = now_ms + delay
elseif next == 'waiting' and not record.pause then
  settle(K, record, now_ms)
  if record.status == 'queued' and goes_on and can_advance then
    record.status = 'continue'
  end
elseif next == 'continue' and not can_advance then
  record.status = 'queued'
end
if next == 'completed' then
  local cleaned = record.cancel == 'cleanup'
  record.cancel = nil
  end_machine(K, id, record, cleaned and 'cancelled' or 'completed', now_ms, retention)
elseif record.pause then
  record.before = record.status == 'continue' and 'queued' or record.status
  record.status, record.pause = 'paused', false
end

next = record.status
if next == 'continue' then
  local ends = int(now_ms + ttl)
  local next_token = int(token + 1)
  if lease_here then
    lease_advance(K.lease, next_token, int(record.steps), '0', ends)
  else
    redis.call('ZADD', K.watch, ends, id) -- the sweep cannot see the lease
  end
  record.status, record.claims = 'running', 1
  redis.call('HSET', K.record, 'context', context, 'fence', next_token, 'nonce', nonce, 'committed', fence)
  local more = record_write(K.record, record, now_ms)
  return { 'committed', next, int(record.drive), int(record.rev), next_token, int(now_ms), record.event, record.data or '', more, cause() }
end
redis.call('HSET', K.record, 'context', context, 'fence', fence, 'nonce', nonce, 'committed', fence)
local more = record_write(K.record, record, now_ms)
if held then
  lease_put_away(K, lease)
end
watch_write(K, id, record, now_ms)
return { 'committed', next, int(record.drive), int(record.rev), fence, int(now_ms), record.event, record.data or '', more, cause() }
