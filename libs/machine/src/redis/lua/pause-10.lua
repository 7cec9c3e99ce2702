-- Pause a machine. A step that runs commits first; timers and events wait.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, nonce of this act, tail of its history item, history limit
-- Returns { 'done', job … } (see record_job) | { 'done' } | { 'refused', status } | { 'missing' } | { 'garbage', why }
-- A resend finds its own nonce and changes nothing. A crash after this: the watch has the machine where it is to go on.
--- @include "includes/steer"

local K = machine_keys(KEYS)
local id, nonce, tail, history_limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local now_ms = math.floor(server_time_us() / 1000)
local record, refusal = steer_read(K, nonce, now_ms)
if not record then
  return refusal
end
if record_is_over(record) then
  return { 'refused', record.status }
end
if record.status == 'paused' or record.pause then
  return { 'done' }
end

record.rev = record.rev + 1
history_act(K, record, 'paused', record.state, tail, now_ms, history_limit)
if record.status == 'running' then
  record.pause = true
else
  record.before, record.status = record.status, 'paused'
end
return steer_write(K, id, record, nonce, now_ms)
