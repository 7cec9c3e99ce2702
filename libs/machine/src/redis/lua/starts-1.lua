-- Count starts against rates: all of them or none.
-- KEYS[1] limits (see includes/share)
-- ARGV    for each: name, starts, µs between two or '' for what its limits say
-- Returns { 'admitted' } | { 'wait', name, ms }
-- A second's worth may come at once; whoever has started more than that at a time, as in bulk, waits until the rest is made up for. A resend counts
-- again. The counters expire.
--- @include "includes/share"

local S = share_open(KEYS[1])
local counted = {}
for i = 1, #ARGV, 3 do
  local name, gap = ARGV[i], tonumber(ARGV[i + 2])
  if not gap then
    local limit = share_limit(S, name)
    gap = limit and limit.starts or 0
  end
  if gap > 0 then
    local key = S.tag .. ':starts:' .. name
    local due = math.max(tonumber(redis.call('GET', key) or '0'), S.us)
    local ahead = due - S.us - math.max(0, 1000000 - gap)
    if ahead > 0 then
      return { 'wait', name, int(math.ceil(ahead / 1000)) }
    end
    counted[#counted + 1] = { key = key, due = due + gap * tonumber(ARGV[i + 1]) }
  end
end
for _, c in ipairs(counted) do
  redis.call('SET', c.key, int(c.due), 'PX', int(math.ceil((c.due - S.us) / 1000) + 1000))
end
return { 'admitted' }
