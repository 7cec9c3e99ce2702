-- Children of a machine, a hash: `groups` names them; a group g has g:spec (JSON), g:total, g:limit, g:first, g:tolerate, g:outlive,
-- g:event, g:failed, g:single, g:open ('1' while somebody waits for its end), g:started, g:done, g:lost, g:gone (completed, failed,
-- cancelled), g:s:<i> ('<id> <context>' of a child that is not started yet), g:r:<i> (result JSON).
--- @include "includes/ending"

local JOIN_BYTES = 262144

-- Adds the groups that a commit brings, from ARGV[from] on.
local function children_add(K, record, args, from)
  local i = from
  while args[i] do
    local group, fields = args[i], tonumber(args[i + 1])
    local key = {}
    for j = i + 2, i + 1 + 2 * fields, 2 do
      key[#key + 1] = group .. ':' .. args[j]
      key[#key + 1] = args[j + 1]
    end
    redis.call('HSET', K.children, unpack(key))
    local groups = redis.call('HGET', K.children, 'groups')
    redis.call('HSET', K.children, 'groups', groups and groups .. ' ' .. group or group)
    i = i + 2 + 2 * fields
    local count = tonumber(args[i])
    for n = 0, count - 1 do
      redis.call('HSET', K.children, group .. ':s:' .. int(n), args[i + 1 + n])
    end
    record.children = record.children + count
    record.pending = record.pending + count
    i = i + 1 + count
  end
end

local function group_read(K, group)
  local f = redis.call('HMGET', K.children, group .. ':total', group .. ':limit', group .. ':first', group .. ':tolerate',
    group .. ':event', group .. ':failed', group .. ':single', group .. ':open', group .. ':started', group .. ':done',
    group .. ':lost', group .. ':gone')
  if not f[1] then
    return nil
  end
  return { total = tonumber(f[1]), limit = tonumber(f[2]), first = tonumber(f[3]), tolerate = tonumber(f[4]), event = f[5],
    failed = f[6], single = f[7] == '1', open = f[8] == '1', started = tonumber(f[9] or '0'), done = tonumber(f[10] or '0'),
    lost = tonumber(f[11] or '0'), gone = tonumber(f[12] or '0') }
end

-- Bytes of a result before it was sealed, as limits are: base64 of it, with 28 bytes more, behind a mark and the id of a key, after what
-- stays plain (decision 31).
local function plain_bytes(result)
  local head, to = string.match(result, '^(.-)stile1%.[%w_-]+%.()')
  if not head or head ~= '' and not string.find(head, '^{"index":%d+,"correlationId":"[%w_.-]+","outcome":"%l+",$') then
    return #result
  end
  return #head + math.floor((#result - to) * 3 / 4) - 28
end

-- What the event that joins the group carries: opaque results, put one after the other.
local function group_result(K, name, g)
  if g.single then
    return redis.call('HGET', K.children, name .. ':r:0')
  end
  local results, bytes = {}, 0
  for i = 0, g.total - 1 do
    local result = redis.call('HGET', K.children, name .. ':r:' .. int(i))
    if result then
      bytes = bytes + plain_bytes(result)
      if bytes > JOIN_BYTES then
        results = nil
        break
      end
      results[#results + 1] = result
    end
  end
  return '{"group":"' .. name .. '","total":' .. int(g.total) .. ',"completed":' .. int(g.done) .. ',"failed":' .. int(g.lost)
    .. ',"cancelled":' .. int(g.gone) .. ',"results":' .. (results and '[' .. table.concat(results, ',') .. ']' or 'null') .. '}'
end

-- J6: joins when enough have completed, or too many have not. The event is outside the inbox bound. `cause`: traceparent of the child whose
-- end it is, or nil.
local function group_join(K, record, name, g, now_ms, cause)
  local bad = g.lost + g.gone
  local well
  if g.first > 0 then
    if g.done >= g.first then
      well = true
    elseif g.total - bad < g.first then
      well = false
    end
  elseif bad > g.tolerate then
    well = false
  elseif g.done + bad >= g.total then
    well = true
  end
  if well == nil or not g.open then
    return false
  end
  redis.call('HSET', K.children, name .. ':open', '0')
  local data = group_result(K, name, g)
  if g.done + bad < g.total then
    group_close(K, record, name)
  end
  accept(K, record, well and g.event or g.failed, data, now_ms, nil, false, cause)
  return true
end
