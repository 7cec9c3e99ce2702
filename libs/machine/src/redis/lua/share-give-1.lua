-- Give slots back, and to those who are first in line.
-- KEYS[1] limits (see includes/share)
-- ARGV    token, tenant or '-', definition
-- Returns { 'given', job … } of those who have got what they waited for
-- A resend finds nothing to give back, and does not hear of the jobs again: they come by themselves within a minute, and what they got is
-- kept for them. So does a crash right after.
--- @include "includes/share"

local token, tenant, definition = ARGV[1], ARGV[2], ARGV[3]
local S = share_open(KEYS[1])
local names = share_names(tenant, definition)
for _, name in ipairs(names) do
  redis.call('ZREM', S.tag .. ':use:' .. name, token)
end
for _, name in ipairs(names) do
  if share_line(S, name) > 0 then
    share_pump(S, name)
  end
end
return share_reply(S, { 'given' })
