-- One batch of the watch: what is overdue, moved on; what may need a job or has something to deliver, returned (J2). Timers and
-- deadlines are taken here, by the server's clock (J4). No entry is ever popped: a sweeper that dies after this leaves every entry
-- with a later score.
-- KEYS[1] watch  KEYS[2] any key of the partition, whose machines' keys are <tag>:<letter>:<id>
-- ARGV    batch size, tag, '1' when leases are kept here
-- Returns { ms until the next entry is due, or -1, then … }: { 'drive', id, job … } for a job that may be missing,
--         { 'fired', id, job … } for one that is to be made, { 'deliver', id }, { 'garbage', id, why }
--- @include "includes/events"
--- @include "includes/beside"

local watch_key = KEYS[1]
local batch, tag, lease_here = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'

local now_ms = math.floor(server_time_us() / 1000)

local function keys_of(id)
  return { record = tag .. ':m:' .. id, lease = tag .. ':l:' .. id, watch = watch_key, inbox = tag .. ':i:' .. id }
end

-- What the clock does to a machine that no worker runs: nothing where it is paused or over. Returns whether the record has changed, and
-- whether the machine goes on.
local function by_the_clock(K, record)
  local drive, deadline, inbox = record.drive, record.deadline, record.inbox
  if record.status == 'paused' or record_is_over(record) then
    return false
  end
  settle(K, record, now_ms)
  if record.deadline > 0 and record.deadline <= now_ms then
    if record.late ~= '' then
      deadline_take(K, record, now_ms) -- it does not wait: the event does
    elseif record.status == 'waiting' then
      drive_with(record, 'pseudo_deadline', nil) -- a worker fails it
    elseif record.status == 'delayed' then
      drive_with(record, record.event, record.data)
    end
  end
  return record.drive ~= drive or record.deadline ~= deadline or record.inbox ~= inbox, record.drive ~= drive
end

-- Back-off of looking at it again, no later than its deadline.
local function look_later(K, id, record)
  local at = now_ms + math.min(WATCH_MAX_MS, WATCH_MS * 2 ^ math.min(record.drives, 10))
  if record.more and record.deadline > now_ms then
    at = math.min(at, record.deadline)
  end
  redis.call('HSET', K.record, 'drives', int(record.drives + 1))
  redis.call('ZADD', watch_key, int(at), id)
end

local found = {}
local function look(id)
  local K = keys_of(id)
  local record, problem = record_read(K.record)
  local lease
  if record and lease_here then
    lease, problem = lease_beside(K.lease)
  end
  if problem then
    redis.call('ZADD', watch_key, int(now_ms + WATCH_MAX_MS), id) -- the caller quarantines it and takes the entry away
    found[#found + 1] = { 'garbage', id, problem }
    return
  end
  local running = record.status == 'running' and lease and lease_is_live(lease, now_ms)
  if record.more then
    record_more(K.record, record)
    if record.out or record.pending > 0 then
      found[#found + 1] = { 'deliver', id }
    end
    local changed, goes_on
    if record.status ~= 'running' then
      changed, goes_on = by_the_clock(K, record)
    end
    if changed then
      record_write(K.record, record, now_ms)
    end
    if goes_on then
      watch_write(K, id, record, now_ms)
      found[#found + 1] = { 'fired', id, record_job(record, now_ms) }
      return
    end
  end
  if running then
    redis.call('ZADD', watch_key, int(lease.ends), id)
  elseif record_is_driven(record) and record.due <= now_ms then
    look_later(K, id, record)
    found[#found + 1] = { 'drive', id, record_job(record, now_ms) }
  elseif record.more then
    watch_write(K, id, record, now_ms)
  elseif record_is_driven(record) then
    redis.call('ZADD', watch_key, int(record.due + WATCH_MS), id)
  else
    redis.call('ZREM', watch_key, id)
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', watch_key, '-inf', int(now_ms), 'LIMIT', 0, batch)) do
  look(id)
end
local first = redis.call('ZRANGE', watch_key, 0, 0, 'WITHSCORES')
table.insert(found, 1, first[2] and int(math.max(0, tonumber(first[2]) - now_ms)) or '-1')
return found
