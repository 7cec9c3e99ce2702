-- Keep slots for longer. One that was given to somebody else meanwhile is not taken away again: its worker was away for longer than its
-- leases last, and its steps are refused by their fences.
-- KEYS[1] limits (see includes/share)
-- ARGV    ms from now, then for each: token, tenant or '-', definition
-- Returns { 'renewed' }
-- A resend does the same again.
--- @include "includes/share"

local S = share_open(KEYS[1])
local ends = int(S.now + tonumber(ARGV[1]))
for i = 2, #ARGV, 3 do
  for _, name in ipairs(share_names(ARGV[i + 1], ARGV[i + 2])) do
    if redis.call('ZADD', S.tag .. ':use:' .. name, 'XX', 'CH', ends, ARGV[i]) == 1 then
      redis.call('PEXPIRE', S.tag .. ':use:' .. name, SHARE_IDLE_MS)
    end
  end
end
return { 'renewed' }
