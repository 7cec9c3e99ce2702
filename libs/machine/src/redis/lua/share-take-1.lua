-- Take the slots that a machine needs before it is claimed, or stand in line for them.
-- KEYS[1] limits (see includes/share)
-- ARGV    id, tenant or '-', definition, token, job (JSON, opaque), ms for which the slots are taken
-- Returns { 'taken', job … } | { 'free', job … } where nothing limits it | { 'wait', name, job … }; the jobs are those of others that have got
--         what they waited for
-- A resend finds its token among those who have a slot; of a machine that only a rate limits it may count twice. A crash after this: the
-- slots end with their time.
--- @include "includes/share"

local id, tenant, definition, token, job, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local S = share_open(KEYS[1])
local bounds = share_bounds(S, tenant, definition)
local ends = S.now + ttl

local function all_hold(member)
  for _, bound in ipairs(bounds) do
    local until_ms = bound.limit.slots > 0 and redis.call('ZSCORE', S.tag .. ':use:' .. bound.name, member)
    if bound.limit.slots > 0 and not (until_ms and tonumber(until_ms) > S.now) then
      return false
    end
  end
  return true
end

-- What was kept for the machine is the token's now.
local function come_for_it()
  redis.call('ZREM', S.tag .. ':granted', id)
  for _, bound in ipairs(bounds) do
    if bound.limit.slots > 0 then
      local key = S.tag .. ':use:' .. bound.name
      redis.call('ZADD', key, int(ends), token) -- before the other goes: a key that is empty for a moment loses its end
      redis.call('ZREM', key, '~' .. id)
    end
  end
  return share_reply(S, { 'taken' }, id)
end

if #bounds == 0 then
  if share_waiting(S, id) or redis.call('ZSCORE', S.tag .. ':granted', id) then
    share_clear(S, id, tenant, definition)
  end
  return { 'free' }
end
local limited = false
for _, bound in ipairs(bounds) do
  limited = limited or bound.limit.slots > 0
end
if limited and all_hold(token) then
  return { 'taken' }
end
local kept = redis.call('ZSCORE', S.tag .. ':granted', id)
if kept and tonumber(kept) > S.now and all_hold('~' .. id) then
  return come_for_it()
end
if kept then
  share_clear(S, id, tenant, definition) -- too late for some of it
end

local entry = share_waiting(S, id)
if entry and redis.call('ZSCORE', S.tag .. ':line:' .. entry.name, id) then
  -- It keeps its place, and what it has of what comes before.
  redis.call('HSET', S.tag .. ':jobs', id, entry.name .. ' ' .. tenant .. ' ' .. definition .. ' ' .. job)
  for _, bound in ipairs(bounds) do
    if bound.name == entry.name then
      break
    end
    redis.call('ZADD', S.tag .. ':use:' .. bound.name, 'XX', int(S.now + SHARE_KEPT_MS), '~' .. id)
  end
  for _, key in ipairs({ ':jobs', ':lines', ':clock:' .. entry.name, ':turn:' .. entry.name, ':line:' .. entry.name }) do
    redis.call('PEXPIRE', S.tag .. key, SHARE_IDLE_MS)
  end
  share_pump(S, entry.name)
else
  local free = true
  for _, bound in ipairs(bounds) do
    free = free and share_line(S, bound.name) == 0 and share_wait(S, bound.name, bound.limit) == 0
  end
  if free then -- the usual case
    for _, bound in ipairs(bounds) do
      share_occupy(S, bound.name, bound.limit, token, ends)
    end
    return { 'taken' }
  end
  if entry then
    share_clear(S, id, tenant, definition)
  end
  if not share_enter(S, id, tenant, definition, job, '') then
    share_pump(S, share_waiting(S, id).name) -- slots of the dead may be free
  end
end
if redis.call('ZSCORE', S.tag .. ':granted', id) then
  return come_for_it()
end
return share_reply(S, { 'wait', share_waiting(S, id).name }, id)
