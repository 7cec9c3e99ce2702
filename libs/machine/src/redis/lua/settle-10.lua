-- Take what has been delivered out of the outbox. The keeping of a machine that has ended begins when nothing is left in it (J5).
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, identity of the server they were read on, run they are of, then the items, as they were read
-- Returns { 'settled', number of items left } | { 'moved' }
-- A resend finds the items gone: harmless. A crash before this: they are delivered again, and recognised there.
--- @include "includes/more"

local K = machine_keys(KEYS)
local id = ARGV[1]

-- They were read on another server: what their receivers took there may be gone with its tail, so they are delivered again.
if ARGV[2] ~= server_identity() then
  return { 'moved' }
end
local record = record_read(K.record)
if record and record.run ~= ARGV[3] then -- it was started anew: what reads the same may be another message
  return { 'moved' }
end
local now_ms = math.floor(server_time_us() / 1000)
for i = 4, #ARGV do
  redis.call('LREM', K.outbox, 1, ARGV[i])
end
local left = redis.call('LLEN', K.outbox)
if record and left == 0 then
  record_more(K.record, record)
  if record.out then
    redis.call('HDEL', K.record, 'out')
    record.out = false
    if record_is_over(record) and record.pending == 0 then
      redis.call('ZADD', K.retention, int(now_ms + record.keep), id)
    end
    if record.status ~= 'running' then
      watch_write(K, id, record, now_ms)
    end
  end
end
return { 'settled', left }
