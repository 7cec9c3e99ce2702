-- Pause or cancel a machine that was asked to while a worker ran it, and whose worker is gone.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, '1' when the lease is kept here, retention in ms, history limit
-- Returns { 'stopped', job … } (see record_job) | { 'moved' } when there is nothing to be done
-- A resend finds it stopped and answers 'moved'; the watch has what follows.
--- @include "includes/ending"
--- @include "includes/lease"

local K = machine_keys(KEYS)
local id, lease_here, retention, history_limit = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record or record.status ~= 'running' or (lease_here and lease_is_live(lease_read(K.lease), now_ms)) then
  return { 'moved' }
end
record_more(K.record, record)
if not stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit) then
  return { 'moved' }
end
record_write(K.record, record, now_ms)
watch_write(K, id, record, now_ms)
if record_is_driven(record) then
  return { 'stopped', record_job(record, now_ms) }
end
return { 'stopped' }
