-- Start a machine, once.
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, high water, quarantine, tombstone, and the indexes it goes into
-- ARGV    id, run, digest of the payload, delay in ms, time to start at in ms or '0', time until the deadline in ms or '0',
--         '1' when there is more than the plain, identity of the server on which a child was read or '',
--         definition as 'machine@version', state, another digest of the same payload where texts are sealed or '' (decision 31),
--         then field, value, … of the new record
-- Returns { 'created' | 'existing' | 'conflict', field, value, … } | { 'garbage', why } | { 'moved' }
-- A resend carries the same run and is answered 'created' again; a repeat of a start whose machine has been removed is answered
-- from its tombstone (J7). A crash before the job is queued: the watch has it.
--- @include "includes/more"

local K = machine_keys(KEYS)
local quarantine_key, tombstone_key = KEYS[13], KEYS[14]
local id, run, digest, delay = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local start_at, deadline, more = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'
local definition, state, other = ARGV[9], ARGV[10], ARGV[11]

-- A child was read on another server: with that one's tail the parent's commit may be gone, which then never heard of this child.
if ARGV[8] ~= '' and ARGV[8] ~= server_identity() then
  return { 'moved' }
end
local existing = redis.pcall('HMGET', K.record, 'run', 'start', 'status')
if existing.err then
  return { 'garbage', 'the record is not a hash' }
end
if existing[1] or existing[2] or existing[3] or redis.call('EXISTS', K.record) == 1 then
  local outcome = 'conflict'
  if existing[1] == run then
    outcome = 'created'
  elseif existing[2] == digest or other ~= '' and existing[2] == other then
    outcome = 'existing'
  end
  local reply = redis.call('HGETALL', K.record)
  table.insert(reply, 1, outcome)
  return reply
end
local buried = redis.call('HGET', tombstone_key, 'start')
if buried == digest or other ~= '' and buried == other then
  local reply = redis.call('HGETALL', tombstone_key)
  table.insert(reply, 1, 'existing')
  return reply
end

local now_ms = math.floor(server_time_us() / 1000)
delay = math.max(delay, start_at - now_ms)
local status = delay > 0 and 'delayed' or 'queued'
local place = definition .. (delay > 0 and '|delayed|' or '|active|') .. state
-- `server`: where this one dies and its tail with it, the first tokens may be gone without a trace but this (L3).
local FENCE = 10 -- where its value is among them
local fields = { 'run', run, 'start', digest, 'status', status, 'steps', '0', 'fence', '0', 'server', server_identity(),
  'created', int(now_ms), 'updated', int(now_ms), 'place', place, 'history', '' }
local function put(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
if more then
  put('more', '1')
end
if delay > 0 then
  put('due', int(now_ms + delay))
end
if deadline > 0 then
  put('deadline', int(now_ms + deadline))
end
for i = 12, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
-- The record before all else: where memory is out Redis refuses a script at a write that takes some, but only at the script's first
-- write. After a DEL it would let the start through, and starts would fill a full server further.
redis.call('HSET', K.record, unpack(fields))
-- What is left of a record that somebody deleted by hand goes. The counter of a lease that is not put away stays (L6).
redis.call('DEL', K.history, K.inbox, K.outbox, K.results, K.callbacks, K.children, KEYS[11], KEYS[12], tombstone_key)
local tag = string.match(K.record, '^{[^}]*}')
local set_aside = redis.call('HDEL', quarantine_key, id) == 1
if other ~= '' then
  redis.call('PERSIST', tag .. ':k:' .. id) -- its own data key, if it has one
end
if redis.call('ZADD', tag .. ':ix:ids', '0', id) == 0 then
  place_forget(tag, id)
  set_aside = true
end
if set_aside then -- the record of a machine that was there is gone, and with it the last token that was granted
  fields[FENCE] = int(server_time_us())
  redis.call('HSET', K.record, 'fence', fields[FENCE])
end
redis.call('ZADD', tag .. ':ix:p:' .. place, int(now_ms), id)
redis.call('SADD', tag .. ':ix:places', place)
for i = 15, #KEYS do
  redis.call('ZADD', KEYS[i], int(now_ms), id)
end
local due = now_ms + math.max(0, delay) + WATCH_MS
redis.call('ZADD', K.watch, int(deadline > 0 and math.min(due, now_ms + deadline) or due), id)
table.insert(fields, 1, 'created')
return fields
