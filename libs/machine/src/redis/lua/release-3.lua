-- Hand a claim back without a word about the step: no retry is spent, no claim counted (C4).
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch
-- ARGV    id, fence, nonce, steps, '1' when the lease is kept here
-- Returns { 'released', steps, retries, drive, machine, version, queue, delay } | { 'stale' }
-- The generation of the job's id goes up: the job at hand still holds the old id (J1). A resend finds the record queued
-- under its own fence. A crash after this: the watch has the job.
--- @include "includes/record"
--- @include "includes/lease"

local record_key, lease_key, watch_key = KEYS[1], KEYS[2], KEYS[3]
local id, fence, nonce, steps = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local lease_here = ARGV[5] == '1'

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(record_key)
if not record then
  return { 'stale' }
end
if record.status == 'queued' and record.fence == fence and record.nonce == nonce and record.steps == steps then
  return { 'released', record_job(record, now_ms) }
end
if not record_is_ours(record, fence, nonce, steps) then
  return { 'stale' }
end
local lease = lease_here and lease_read(lease_key) or nil

record.drive = record.drive + 1
redis.call('HSET', record_key, 'status', 'queued', 'fence', int(fence), 'nonce', nonce, 'drive', int(record.drive),
  'claims', int(math.max(0, record.claims - 1)), 'due', '0')
redis.call('ZADD', watch_key, int(now_ms + WATCH_MS), id)
if lease_here and lease_is_held_by(lease, ARGV[2], now_ms) then
  lease_end(lease_key)
end
return { 'released', record_job(record, now_ms) }
