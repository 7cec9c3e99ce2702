-- One batch of the watch: what is overdue, moved on; what may need a job, returned (J2). No entry is ever popped: a sweeper
-- that dies after this leaves every entry with a later score.
-- KEYS[1] watch  KEYS[2] any key of the partition, whose machines' keys are <prefix><id>
-- ARGV    batch size, prefix of records, prefix of leases, '1' when leases are kept here
-- Returns a list of { 'drive', id, steps, retries, drive, machine, version, queue, delay } and { 'garbage', id, why }
--- @include "includes/record"
--- @include "includes/beside"

local watch_key = KEYS[1]
local batch, record_prefix, lease_prefix, lease_here = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4] == '1'

local now_ms = math.floor(server_time_us() / 1000)
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', watch_key, '-inf', int(now_ms), 'LIMIT', 0, batch)) do
  local record_key = record_prefix .. id
  local record, problem = record_read(record_key)
  local lease
  if record and lease_here then
    lease, problem = lease_beside(lease_prefix .. id)
  end
  if problem then
    redis.call('ZADD', watch_key, int(now_ms + WATCH_MAX_MS), id) -- the caller quarantines it and takes the entry away
    found[#found + 1] = { 'garbage', id, problem }
  elseif record_is_driven(record) then
    if lease and lease_is_live(lease, now_ms) then
      redis.call('ZADD', watch_key, int(lease.ends), id)
    elseif record.due > now_ms then
      redis.call('ZADD', watch_key, int(record.due + WATCH_MS), id)
    else
      local wait = math.min(WATCH_MAX_MS, WATCH_MS * 2 ^ math.min(record.drives, 10))
      redis.call('HSET', record_key, 'drives', int(record.drives + 1))
      redis.call('ZADD', watch_key, int(now_ms + wait), id)
      found[#found + 1] = { 'drive', id, record_job(record, now_ms) }
    end
  else
    redis.call('ZREM', watch_key, id)
  end
end
return found
