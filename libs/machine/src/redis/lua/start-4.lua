-- Start a machine, once.
-- KEYS[1] record  KEYS[2] history  KEYS[3] watch  KEYS[4] quarantine
-- ARGV    id, run, digest of the payload, delay in ms, then field, value, … of the new record
-- Returns { 'created' | 'existing' | 'conflict', field, value, … } | { 'garbage', why }
-- A resend carries the same run and is answered 'created' again. A crash before the job is queued: the watch has it.
--- @include "includes/record"

local record_key, history_key, watch_key, quarantine_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, run, digest, delay = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local existing = redis.pcall('HMGET', record_key, 'run', 'start', 'status')
if existing.err then
  return { 'garbage', 'the record is not a hash' }
end
if existing[1] or existing[2] or existing[3] or redis.call('EXISTS', record_key) == 1 then
  local outcome = 'conflict'
  if existing[1] == run then
    outcome = 'created'
  elseif existing[2] == digest then
    outcome = 'existing'
  end
  local reply = redis.call('HGETALL', record_key)
  table.insert(reply, 1, outcome)
  return reply
end

local now_ms = math.floor(server_time_us() / 1000)
local status = delay > 0 and 'delayed' or 'queued'
local fields = { 'run', run, 'start', digest, 'status', status, 'steps', '0', 'retries', '0', 'fence', '0', 'drive', '0',
  'claims', '0', 'due', int(delay > 0 and now_ms + delay or 0), 'created', int(now_ms), 'updated', int(now_ms) }
for i = 5, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
redis.call('HSET', record_key, unpack(fields))
redis.call('DEL', history_key) -- of a record that somebody deleted by hand
redis.call('HDEL', quarantine_key, id)
redis.call('ZADD', watch_key, int(now_ms + delay + WATCH_MS), id)
table.insert(fields, 1, 'created')
return fields
