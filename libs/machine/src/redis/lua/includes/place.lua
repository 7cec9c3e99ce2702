-- Where lists find a machine. One that is kept is in exactly one place, '<machine>@<version>|<class>|<state>', and a failed one in
-- '…|failed|<state>|<group>': a sorted set of ids by the time of their start, so that no move changes the order. The class is the status,
-- but 'active' for both queued and running: a machine in hand stays where it was taken up, until it rests (decision 19).
--   <tag>:ix:p:<place>   ids in this place
--   <tag>:ix:places      the places that are not empty
--   <tag>:ix:groups      by place of failed machines: '<state>\n<code>\n<message>' of what they failed with
--   <tag>:ix:ids         all ids, to be looked up by how they begin
-- The record's `place` says where it is, '' for nowhere. It is absent where status and state say it.

local GROUPS_MAX = 500 -- of a partition: messages that could not be told to be alike must not fill it with groups of one

-- Of a record's key: the partition's tag, and the machine's id.
local function place_parts(key)
  local tag = string.match(key, '^{[^}]*}')
  return tag, string.sub(key, #tag + 4)
end

-- The place of a machine that failed, and the group's text. Beyond the limit its error is told apart by state and code only.
local function place_of_failure(tag, place, group, title)
  local groups = tag .. ':ix:groups'
  local named = place .. '|' .. group
  if redis.call('HEXISTS', groups, named) == 1 or redis.call('HLEN', groups) < GROUPS_MAX then
    return named, title
  end
  local head = string.match(title, '^[^\n]*\n[^\n]*\n') or '\n\n'
  return place .. '|' .. string.sub(redis.sha1hex(place .. '\n' .. head), 1, 16), head .. 'various errors'
end

-- Where the machine belongs, and the text of its group where it has failed anew. Writes nothing. `record.group` and `record.title` say what
-- it failed with; without them it stays in its group.
local function place_of(key, record)
  local status, old = record.status, record.place
  local stem = record.machine .. '@' .. record.version
  if status == 'queued' then
    return stem .. '|active|' .. record.state
  elseif status == 'running' then
    if old and string.find(old, stem .. '|active|', 1, true) == 1 then
      return old
    end
    return stem .. '|active|' .. record.state
  end
  local place = stem .. '|' .. status .. '|' .. record.state
  if status ~= 'failed' then
    return place
  end
  if record.group then
    return place_of_failure(place_parts(key), place, record.group, record.title)
  elseif old and string.sub(old, 1, #place + 1) == place .. '|' then
    return old
  end
  local title = record.state .. '\nUNKNOWN\nfailed before failures were grouped'
  return place_of_failure(place_parts(key), place, string.sub(redis.sha1hex(place .. title), 1, 16), title)
end

-- Where a record is: `place` as it has it, and what it is derived from.
local function place_said(place, machine, version, status, state)
  if place then
    return place ~= '' and place or nil
  elseif not (machine and version and status and state) or status == 'queued' or status == 'running' or status == 'failed' then
    return nil
  end
  return machine .. '@' .. version .. '|' .. status .. '|' .. state
end

-- Where the record under a key is, and its status.
local function place_stored(key)
  local f = redis.call('HMGET', key, 'status', 'place', 'machine', 'version', 'state')
  return place_said(f[2], f[3], f[4], f[1], f[5]), f[1]
end

-- Returns whether it was there.
local function place_quit(tag, id, place)
  local found = redis.call('ZREM', tag .. ':ix:p:' .. place, id)
  if redis.call('EXISTS', tag .. ':ix:p:' .. place) == 0 then
    redis.call('SREM', tag .. ':ix:places', place)
    if string.find(place, '|failed|', 1, true) then
      redis.call('HDEL', tag .. ':ix:groups', place)
    end
  end
  return found
end

-- Leaves whatever place a machine is in, where its record does not say it: somebody has changed that, or deleted it by hand.
local function place_forget(tag, id)
  for _, place in ipairs(redis.call('SMEMBERS', tag .. ':ix:places')) do
    if redis.call('ZSCORE', tag .. ':ix:p:' .. place, id) then
      place_quit(tag, id, place)
    end
  end
end

local function place_leave(tag, id, place)
  if place_quit(tag, id, place) == 0 then
    place_forget(tag, id)
  end
end

-- After the record itself: where memory is out Redis refuses a script at its first write only, and only at one that takes some.
local function place_move(key, record, place, title)
  local tag, id = place_parts(key)
  if record.place then
    place_leave(tag, id, record.place)
  else
    redis.call('ZADD', tag .. ':ix:ids', '0', id)
  end
  redis.call('ZADD', tag .. ':ix:p:' .. place, tonumber(record.created) and record.created or '0', id)
  redis.call('SADD', tag .. ':ix:places', place)
  if title then
    redis.call('HSET', tag .. ':ix:groups', place, title)
  end
  record.place = place
end
