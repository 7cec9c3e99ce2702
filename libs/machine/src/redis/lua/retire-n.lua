-- Drop everything of a finished machine at once. What is left is a tombstone that answers repeats of its start for a while (J7).
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, high water, tombstone, and the indexes it is in
-- ARGV    id, seconds that the tombstone stands, seal of how it was read for the archive, or '' where there is none; '1' where it was written there
-- Returns 1, or 0 when it is not over (it was started anew, or retried, or is kept longer), or has changed since it was archived
-- A resend finds nothing left and answers 0.
--- @include "includes/server"
--- @include "includes/place"

local record_key, watch_key, retention_key = KEYS[1], KEYS[3], KEYS[5]
local tombstone_key = KEYS[13]
local id, stands, seal, archived = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'

local now_ms = math.floor(server_time_us() / 1000)
local ends = redis.call('ZSCORE', retention_key, id)
if not ends or tonumber(ends) > now_ms then
  return 0
end
local place, status = place_stored(record_key)
local over = not status or status == 'completed' or status == 'failed' or status == 'cancelled'
if seal ~= '' and status and over then -- of a record that somebody has deleted by hand the rest just goes
  local f = redis.call('HMGET', record_key, 'run', 'rev', 'updated', 'history')
  local now_seal = (f[1] or '') .. ' ' .. (f[2] or '0') .. ' ' .. (f[3] or '') .. ' ' .. int(redis.call('LLEN', KEYS[4]) + #(f[4] or ''))
  if now_seal ~= seal then
    return 0 -- it is archived anew
  end
end

if not over then
  redis.call('ZREM', retention_key, id)
  return 0
end
if status then
  redis.call('DEL', tombstone_key) -- whatever somebody has written there by hand
  local names = { 'start', 'run', 'status', 'machine', 'version', 'queue', 'state', 'event', 'steps', 'retries', 'max', 'fence', 'created',
    'updated', 'finished', 'tags' }
  local values = redis.call('HMGET', record_key, unpack(names))
  for i, name in ipairs(names) do
    if values[i] then
      redis.call('HSET', tombstone_key, name, values[i])
    end
  end
  redis.call('HSET', tombstone_key, 'context', '{}')
  redis.call('EXPIRE', tombstone_key, stands)
end
redis.call('ZREM', retention_key, id)
redis.call('DEL', record_key, KEYS[2], KEYS[4], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12])
redis.call('ZREM', watch_key, id)
for i = 14, #KEYS do
  redis.call('ZREM', KEYS[i], id)
end
local tag = string.match(record_key, '^{[^}]*}')
if place then
  place_leave(tag, id, place)
end
redis.call('ZREM', tag .. ':ix:ids', id)
-- Its own data key, if it has one. What is archived is read with it, so it stays: of any run of this id.
local key = tag .. ':k:' .. id
if archived and redis.call('EXISTS', key) == 1 then
  redis.call('HSET', key, 'archived', '1')
elseif redis.call('HEXISTS', key, 'archived') == 0 then
  redis.call('EXPIRE', key, stands)
end
return 1
