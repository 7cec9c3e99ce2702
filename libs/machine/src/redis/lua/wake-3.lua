-- Give a machine a job id that no job has had, because the job with the present one is dead.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch
-- ARGV    id, steps, retries, drive, '1' when the lease is kept here
-- Returns { 'woken', steps, retries, drive, machine, version, queue, delay } | { 'moved' } when it has gone on since
-- A resend finds the generation raised and answers 'moved'; the watch still has the machine.
--- @include "includes/record"
--- @include "includes/lease"

local record_key, lease_key, watch_key = KEYS[1], KEYS[2], KEYS[3]
local id, steps, retries, drive = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(record_key)
if not record or not record_is_driven(record) or record.steps ~= steps or record.retries ~= retries or record.drive ~= drive then
  return { 'moved' }
end
if ARGV[5] == '1' and lease_is_live(lease_read(lease_key), now_ms) then
  return { 'moved' }
end

record.drive = drive + 1
redis.call('HSET', record_key, 'drive', int(record.drive))
redis.call('ZADD', watch_key, int(now_ms + WATCH_MS), id)
return { 'woken', record_job(record, now_ms) }
