-- Give those in line what time has set free: slots of workers that died, and turns of a rate.
-- KEYS[1] limits (see includes/share)
-- ARGV    lines to look at, at most; any of them where there are more
-- Returns { 'tended', ms until a rate lets the next one, or -1, number of lines, job … }
-- A resend does the rest; see share-give for the jobs of a reply that is lost.
--- @include "includes/share"

local S = share_open(KEYS[1])
local next_ms = -1
for _, name in ipairs(redis.call('SRANDMEMBER', S.tag .. ':lines', ARGV[1])) do
  local wait = share_pump(S, name)
  if wait > 0 and (next_ms < 0 or wait < next_ms) then
    next_ms = wait
  end
end
return share_reply(S, { 'tended', int(next_ms), int(redis.call('SCARD', S.tag .. ':lines')) })
