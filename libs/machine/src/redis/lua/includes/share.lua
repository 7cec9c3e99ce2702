-- Shares: how many machines of a tenant, of a definition, and of all may be run at a time, and how many may be taken up in a second. All keys
-- are of the deployment, under a tag of their own: machines of all partitions meet here. Everything but the limits expires.
--   <tag>:limits         hash, by name ('tenant:acme', 'tenant:*', 'definition:order', 'all'): '<slots or 0> <µs between two or 0> <burst>
--                        <weight> <µs between two starts or 0> <JSON, opaque>'
--   <tag>:use:<name>     who has a slot: sorted set by the time at which it ends. A token of a worker, or '~<id>' of a machine that shall
--                        come for it
--   <tag>:next:<name>    µs at which the next one is due, as if all came at the even rate (GCRA)
--   <tag>:line:<name>    who waits: sorted set of ids by their turn. The turns of one group are 1 / weight apart, the clock is the turn of who went
--                        last: so groups share by their weights (start-time fair queueing), and a group of one is first come, first served
--   <tag>:clock:<name>   that clock;  <tag>:turn:<name>  by group, its next turn
--   <tag>:lines          names with a line
--   <tag>:jobs           by id of those in line: '<name> <tenant or -> <definition> <job, opaque>'
--   <tag>:granted        ids that have all they need, and have not come for it yet, by the time until which it is kept
-- A machine needs a slot of its tenant, then of its definition, then of all. It keeps what it has while it stands in the next line: since
-- everybody asks in this order nobody waits for somebody who waits for him, and whoever is first in a line gets the next slot.
--- @include "includes/server"

local SHARE_KEPT_MS = 120000  -- longer than the watch leaves a waiting machine alone
local SHARE_IDLE_MS = 7200000 -- longer than any slot

local function share_open(limits_key)
  local now_us = server_time_us()
  return { limits = limits_key, tag = string.match(limits_key, '^{[^}]*}'), us = now_us, now = math.floor(now_us / 1000), known = {},
    granted = {} }
end

-- What holds for a name: its own, or that of all of its kind. Nil where there is nothing.
local function share_limit(S, name)
  local found = S.known[name]
  if found == nil then
    local kind = string.match(name, '^%l+:')
    local text = redis.call('HGET', S.limits, name) or (kind and redis.call('HGET', S.limits, kind .. '*'))
    local slots, gap, burst, weight, starts = string.match(text or '', '^(%d+) (%d+) (%d+) ([%d.]+) (%d+) ')
    found = slots and { slots = tonumber(slots), gap = tonumber(gap), burst = tonumber(burst), weight = tonumber(weight),
      starts = tonumber(starts) } or false
    S.known[name] = found
  end
  return found or nil
end

local function share_names(tenant, definition)
  local names = { 'definition:' .. definition, 'all' }
  if tenant ~= '-' then
    table.insert(names, 1, 'tenant:' .. tenant)
  end
  return names
end

-- Those of them that limit who is taken up.
local function share_bounds(S, tenant, definition)
  local bounds = {}
  for _, name in ipairs(share_names(tenant, definition)) do
    local limit = share_limit(S, name)
    if limit and (limit.slots > 0 or limit.gap > 0) then
      bounds[#bounds + 1] = { name = name, limit = limit }
    end
  end
  return bounds
end

-- ms until there may be room: 0 now, -1 when somebody gives a slot back.
local function share_wait(S, name, limit)
  if limit.slots > 0 and redis.call('ZCOUNT', S.tag .. ':use:' .. name, '(' .. int(S.now), '+inf') >= limit.slots then
    return -1
  end
  if limit.gap > 0 then
    local ahead = tonumber(redis.call('GET', S.tag .. ':next:' .. name) or '0') - S.us - (limit.burst - 1) * limit.gap
    if ahead > 0 then
      return math.ceil(ahead / 1000)
    end
  end
  return 0
end

local function share_line(S, name)
  return redis.call('ZCARD', S.tag .. ':line:' .. name)
end

local function share_occupy(S, name, limit, member, ends)
  if limit.slots > 0 then
    local key = S.tag .. ':use:' .. name
    redis.call('ZREMRANGEBYSCORE', key, '-inf', int(S.now))
    redis.call('ZADD', key, int(ends), member)
    redis.call('PEXPIRE', key, SHARE_IDLE_MS)
  end
  if limit.gap > 0 then
    local key = S.tag .. ':next:' .. name
    local due = math.max(tonumber(redis.call('GET', key) or '0'), S.us) + limit.gap
    redis.call('SET', key, int(due), 'PX', int(math.ceil((due - S.us) / 1000) + 1000))
  end
end

-- In a tenant's line definitions take turns, in all others tenants do.
local function share_group(name, tenant, definition)
  if tenant == '-' or string.sub(name, 1, 7) == 'tenant:' then
    return 'definition:' .. definition
  end
  return 'tenant:' .. tenant
end

local function share_queue(S, name, id, tenant, definition, job)
  local clock, turns, line = S.tag .. ':clock:' .. name, S.tag .. ':turn:' .. name, S.tag .. ':line:' .. name
  local group = share_group(name, tenant, definition)
  local limit = share_limit(S, group)
  local at = math.max(tonumber(redis.call('GET', clock) or '0'), tonumber(redis.call('HGET', turns, group) or '0'))
  redis.call('HSET', turns, group, string.format('%.17g', at + 1 / (limit and limit.weight or 1)))
  redis.call('ZADD', line, string.format('%.17g', at), id)
  redis.call('SADD', S.tag .. ':lines', name)
  redis.call('HSET', S.tag .. ':jobs', id, name .. ' ' .. tenant .. ' ' .. definition .. ' ' .. job)
  for _, key in ipairs({ clock, turns, line, S.tag .. ':lines', S.tag .. ':jobs' }) do
    redis.call('PEXPIRE', key, SHARE_IDLE_MS)
  end
end

-- Takes a machine through what it needs after `from` ('' for all of it), as far as there is room and nobody before it; then it stands in
-- line. Returns whether it has everything.
local function share_enter(S, id, tenant, definition, job, from)
  local passed, kept = from == '', S.now + SHARE_KEPT_MS
  for _, name in ipairs(share_names(tenant, definition)) do
    local limit = share_limit(S, name)
    local bounds = limit and (limit.slots > 0 or limit.gap > 0)
    if name == from then
      passed = true
      if bounds then
        share_occupy(S, name, limit, '~' .. id, kept)
      end
    elseif passed and bounds then
      if share_line(S, name) > 0 or share_wait(S, name, limit) ~= 0 then
        share_queue(S, name, id, tenant, definition, job)
        return false
      end
      share_occupy(S, name, limit, '~' .. id, kept)
    end
  end
  redis.call('HDEL', S.tag .. ':jobs', id)
  local granted = S.tag .. ':granted'
  redis.call('ZREMRANGEBYSCORE', granted, '-inf', int(S.now))
  redis.call('ZADD', granted, int(kept), id)
  redis.call('PEXPIRE', granted, SHARE_IDLE_MS)
  S.granted[#S.granted + 1] = { id = id, job = job }
  return true
end

local function share_waiting(S, id)
  local text = redis.call('HGET', S.tag .. ':jobs', id)
  if not text then
    return nil
  end
  local name, tenant, definition, job = string.match(text, '^(%S+) (%S+) (%S+) (.*)$')
  return name and { name = name, tenant = tenant, definition = definition, job = job }
end

-- Gives what is free to those who are first in line. Bounded: what is left over comes with the next call. Returns as `share_wait` does, 0
-- where nobody waits any more.
local function share_pump(S, name)
  local line, clock = S.tag .. ':line:' .. name, S.tag .. ':clock:' .. name
  for _ = 1, 200 do
    local head = redis.call('ZRANGE', line, 0, 0, 'WITHSCORES')
    local id = head[1]
    if not id then
      redis.call('DEL', clock, S.tag .. ':turn:' .. name)
      redis.call('SREM', S.tag .. ':lines', name)
      return 0
    end
    local limit = share_limit(S, name)
    local wait = limit and share_wait(S, name, limit) or 0
    if wait ~= 0 then
      return wait
    end
    redis.call('ZREM', line, id)
    redis.call('SET', clock, head[2], 'PX', SHARE_IDLE_MS)
    local entry = share_waiting(S, id)
    if entry and entry.name == name then
      share_enter(S, id, entry.tenant, entry.definition, entry.job, name)
    end
  end
  return 1
end

-- Takes what is kept for a machine away from it.
local function share_clear(S, id, tenant, definition)
  local entry = share_waiting(S, id)
  if entry then
    redis.call('ZREM', S.tag .. ':line:' .. entry.name, id)
    redis.call('HDEL', S.tag .. ':jobs', id)
  end
  redis.call('ZREM', S.tag .. ':granted', id)
  for _, name in ipairs(share_names(tenant, definition)) do
    redis.call('ZREM', S.tag .. ':use:' .. name, '~' .. id)
  end
end

-- The reply: what came of it, then the jobs of all who have got what they waited for, but for one.
local function share_reply(S, reply, but)
  for _, granted in ipairs(S.granted) do
    if granted.id ~= but then
      reply[#reply + 1] = granted.job
    end
  end
  return reply
end
