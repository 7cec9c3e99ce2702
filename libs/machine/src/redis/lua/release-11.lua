-- Hand a claim back without a word about the step: no retry is spent, no claim counted (C4). With a hold's name the machine rests until
-- the hold is taken off.
-- KEYS    those of a machine (see machine_keys), and the set of machines that the hold has stopped
-- ARGV    id, fence, nonce, steps, '1' when the lease is kept here, retention in ms, history limit, name of the hold or '', the claim's run
-- Returns { 'released', job … } | { 'stopped' } | { 'stale' }
-- The generation of the job's id goes up: the job at hand still holds the old id (J1). A resend finds the record queued
-- under its own fence. A crash after this: the watch has the job, or the hold has the machine.
--- @include "includes/ending"
--- @include "includes/lease-away"

local K = machine_keys(KEYS)
local held_key = KEYS[11]
local id, fence, nonce, steps = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local lease_here, retention, history_limit, hold = ARGV[5] == '1', tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record or record.run ~= ARGV[9] then
  return { 'stale' }
end
if record.status == 'queued' and record.fence == fence and record.nonce == nonce and record.steps == steps then
  return { 'released', record_job(record, now_ms) }
end
if not record_is_ours(record, fence, nonce, steps) then
  return { 'stale' }
end
record_more(K.record, record)
local lease = lease_here and lease_read(K.lease) or nil

record.fence, record.claims, record.due = fence, math.max(0, record.claims - 1), 0
redis.call('HSET', K.record, 'fence', ARGV[2], 'nonce', nonce)
if lease_here and lease_is_held_by(lease, ARGV[2], now_ms) then
  lease_put_away(K, lease)
end
if not stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit) then
  record.drive = record.drive + 1
  record.status = 'queued'
  if hold ~= '' then
    record.status, record.before, record.hold = 'paused', 'queued', hold
    redis.call('SADD', held_key, id)
  end
end
record_write(K.record, record, now_ms)
watch_write(K, id, record, now_ms)
if record.status == 'queued' then
  return { 'released', record_job(record, now_ms) }
end
return { 'stopped' }
