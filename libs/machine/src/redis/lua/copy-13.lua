-- All that there is of one machine, at one moment. Writes nothing.
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, high water of senders, and its own data key
-- ARGV    id
-- Returns { this server's time in ms, end of its retention in ms or '', record, lease, history, inbox, outbox, results, callbacks, children,
--         seen with scores, high water, data key }, each of these a list, empty where there is nothing | { 'garbage', what cannot be read }
--- @include "includes/server"

local READS = {
  { 1, 'HGETALL', 'record' }, { 2, 'HGETALL', 'lease' }, { 4, 'LRANGE', 'history' }, { 6, 'LRANGE', 'inbox' }, { 7, 'LRANGE', 'outbox' },
  { 8, 'HGETALL', 'results' }, { 9, 'HGETALL', 'callbacks' }, { 10, 'HGETALL', 'children' }, { 11, 'ZRANGE', 'dedupe ids' },
  { 12, 'HGETALL', 'high water' }, { 13, 'HGETALL', 'data key' },
}

local found = { int(math.floor(server_time_us() / 1000)), redis.call('ZSCORE', KEYS[5], ARGV[1]) or '' }
for _, read in ipairs(READS) do
  local key, command = KEYS[read[1]], read[2]
  local reply
  if command == 'HGETALL' then
    reply = redis.pcall(command, key)
  elseif command == 'LRANGE' then
    reply = redis.pcall(command, key, 0, -1)
  else
    reply = redis.pcall(command, key, 0, -1, 'WITHSCORES')
  end
  if reply.err then
    return { 'garbage', 'its ' .. read[3] .. ' is of another type' }
  end
  found[#found + 1] = reply
end
return found
