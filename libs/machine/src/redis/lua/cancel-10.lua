-- Cancel a machine: at once, or as soon as the step in hand is aborted, by way of the state that cleans up.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, nonce of this act, tail of its history item, history limit, 'graceful' | 'now' | 'child' (graceful, by its parent),
--         state that cleans up or '', retention in ms, identity of the server that a parent's wish was read on or ''
-- Returns { 'done', job … } (see record_job) | { 'done' } | { 'refused', status } | { 'missing' } | { 'moved' } | { 'garbage', why }
-- A resend finds its own nonce and changes nothing. A crash after this: the watch has the machine where it is to go on.
--- @include "includes/steer"

local K = machine_keys(KEYS)
local id, nonce, tail, history_limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local mode, cleanup, retention = ARGV[5], ARGV[6], tonumber(ARGV[7])

-- The commit of the parent that wants it may be gone with another server's tail.
if mode == 'child' and ARGV[8] ~= '' and ARGV[8] ~= server_identity() then
  return { 'moved' }
end
local now_ms = math.floor(server_time_us() / 1000)
local record, refusal = steer_read(K, nonce, now_ms)
if not record then
  return refusal
end
if record.status == 'completed' or record.status == 'failed' and mode == 'child' then
  return { 'refused', record.status }
end
if record.status == 'cancelled' or (record.cancel and mode ~= 'now' and record.status ~= 'failed') then
  return { 'done' }
end

if record.status == 'failed' then
  record.cleanup = '' -- it has ended: nothing is left to be cleaned up by a machine that could not
  redis.call('ZREM', K.retention, id)
  record.awaited = false -- its failure has been told
  cancel_now(K, id, record, tail, now_ms, retention, history_limit)
elseif mode ~= 'now' and record.status == 'running' then
  record.rev = record.rev + 1
  record.cancel, record.cleanup, record.asked = 'graceful', cleanup, tail
else
  record.cleanup = mode ~= 'now' and cleanup or ''
  cancel_now(K, id, record, tail, now_ms, retention, history_limit)
end
return steer_write(K, id, record, nonce, now_ms)
