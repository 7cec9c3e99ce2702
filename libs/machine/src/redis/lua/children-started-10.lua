-- Note that the children of a group have been started, up to one.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, group, number of children that are started, identity of the server on which they were read, run they are of
-- Returns { 'noted' } | { 'moved' }
-- A resend, or another worker that has started the same ones, changes nothing.
--- @include "includes/children"

local K = machine_keys(KEYS)
local id, group, upto = ARGV[1], ARGV[2], tonumber(ARGV[3])

-- They were read on another server: what was started there may be gone with its tail, so they are started again.
if ARGV[4] ~= server_identity() then
  return { 'moved' }
end
local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if record and record.run ~= ARGV[5] then -- it was started anew, and may have a group of the same name
  return { 'moved' }
end
local g = record and group_read(K, group)
if g and upto > g.started then
  record_more(K.record, record)
  local asked = math.min(upto, g.total)
  local names = {}
  for i = g.started, asked - 1 do
    names[#names + 1] = group .. ':s:' .. int(i)
  end
  if #names > 0 then
    redis.call('HDEL', K.children, unpack(names))
    record.pending = math.max(0, record.pending - #names)
  end
  redis.call('HSET', K.children, group .. ':started', int(upto))
  if upto > g.total then -- it was closed while they were being started: whoever cancelled the others did not know of them
    redis.call('HSET', K.children, group .. ':total', int(upto))
    -- Not the text of the first one: whoever settles that one late, or again, must not take this one out.
    outbox_add(K, record, 'cancel ' .. group .. ' ' .. int(upto) .. ' noted')
  end
  record_write(K.record, record, now_ms)
  if record_is_over(record) and not record.out and record.pending == 0 then
    redis.call('ZADD', K.retention, int(now_ms + record.keep), id) -- it ended before its last child was started
  end
  if record.status ~= 'running' then
    watch_write(K, id, record, now_ms)
  end
end
return { 'noted' }
