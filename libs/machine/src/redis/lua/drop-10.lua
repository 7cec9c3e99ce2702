-- Drop one item of the inbox.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    number of the item
-- Returns { 'dropped' } | { 'missing' }
-- A resend finds it gone and answers 'missing': it is gone either way.
--- @include "includes/more"

local K = machine_keys(KEYS)
local number = ARGV[1]

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record then
  return { 'missing' }
end
for _, item in ipairs(redis.call('LRANGE', K.inbox, 0, -1)) do
  if string.match(item, '^%d+') == number then
    redis.call('LREM', K.inbox, 1, item)
    record_more(K.record, record)
    record.inbox = math.max(0, record.inbox - 1)
    record_write(K.record, record, now_ms)
    return { 'dropped' }
  end
end
return { 'missing' }
