-- The children that may be started now, group by group, as far as each group's limit goes.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    children at most
-- Returns { this server's identity, the machine's run or '' }, then { group, spec, index of the first one, '<id> <context>' … } for each
-- Changes nothing: `children-started` does, when they are there. Starting one twice is one start.
--- @include "includes/children"

local K = machine_keys(KEYS)
local batch = math.min(tonumber(ARGV[1]), CHILDREN_AT_ONCE)

local run = redis.pcall('HGET', K.record, 'run')
local found = { { server_identity(), type(run) == 'string' and run or '' } }
for name in string.gmatch(redis.call('HGET', K.children, 'groups') or '', '%S+') do
  local g = group_read(K, name)
  local ended = g.done + g.lost + g.gone
  local upto = math.min(g.total, g.started + batch, ended + g.limit)
  if upto > g.started then
    local reply = { name, redis.call('HGET', K.children, name .. ':spec'), int(g.started) }
    for i = g.started, upto - 1 do
      reply[#reply + 1] = redis.call('HGET', K.children, name .. ':s:' .. int(i)) or ''
    end
    found[#found + 1] = reply
    batch = batch - (upto - g.started)
  end
  if batch <= 0 then
    break
  end
end
return found
