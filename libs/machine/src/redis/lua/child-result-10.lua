-- Bring a child's result to its parent (J6): counted once, outside the inbox bound; the last one needed joins the group.
-- KEYS    those of the parent (see machine_keys)
-- ARGV    parent's id, its run, group, index, outcome ('completed' | 'failed' | 'cancelled'), result (JSON),
--         identity of the server on which it was read, traceparent of the child or ''
-- Returns { 'counted', '1' when the parent's outbox holds something or children wait to be started, job … } | { 'duplicate' } |
--         { 'gone' } | { 'moved' }
-- A resend finds the result there. A crash after this: the watch has the parent.
--- @include "includes/children"

local K = machine_keys(KEYS)
local id, run, group, index, outcome, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local COUNTED = { completed = 'done', failed = 'lost', cancelled = 'gone' }

-- It was read on another server: the child's end may be gone with its tail, and another one come.
if ARGV[7] ~= '' and ARGV[7] ~= server_identity() then
  return { 'moved' }
end
local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record or record.run ~= run or record.status == 'completed' or record.status == 'cancelled' then
  return { 'gone' }
end
local g = group_read(K, group)
if not g then
  return { 'gone' }
end
if redis.call('HEXISTS', K.children, group .. ':r:' .. index) == 1 then
  return { 'duplicate' }
end
record_more(K.record, record)

local count = COUNTED[outcome]
redis.call('HSET', K.children, group .. ':r:' .. index, result)
g[count] = redis.call('HINCRBY', K.children, group .. ':' .. count, 1)
if group_join(K, record, group, g, now_ms, ARGV[8]) then
  record_write(K.record, record, now_ms)
  if record.status ~= 'running' then
    watch_write(K, id, record, now_ms)
  end
end
local more = (record.out or record.pending > 0) and '1' or '0'
if record.status == 'queued' then
  return { 'counted', more, record_job(record, now_ms) }
end
return { 'counted', more }
