-- Let a request in, unless a later token has been seen; and once per idempotency key.
-- KEYS[1] scope: hash { run, fence, r:<run> …, 'f:<attempt>' = '<until ms> <fence> <run>' for each request that is being handled }
-- KEYS[2] answer: hash { print, attempt, until, answer }
-- ARGV    run, fence, attempt, fingerprint, how long a request may take in ms, how long answers are kept in ms
-- Returns { 'begun' } | { 'answered', answer } | { 'mismatch' } | { 'busy' } | { 'stale', run, fence }
-- A resend carries the same attempt and gets `begun` again. A crash right after this leaves the request in progress until its time
-- is over; then another attempt is let in.
--- @include "includes/fence"

local scope, entry = KEYS[1], KEYS[2]
local run, fence, attempt, print = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lock, keep = tonumber(ARGV[5]), ARGV[6]

local refusal = fence_refusal(scope, run, fence)
if refusal then
  return refusal
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local e = redis.call('HMGET', entry, 'print', 'attempt', 'until', 'answer')
if e[1] and e[1] ~= print then
  return { 'mismatch' }
end
local busy = e[1] and not e[4] and e[2] ~= attempt and tonumber(e[3]) > now
local over = {}
local fields = redis.call('HGETALL', scope)
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'f:' then
    local ends, of = string.match(fields[i + 1], '^(%d+) (.*)$')
    if tonumber(ends) <= now then
      over[#over + 1] = fields[i]
    elseif of ~= fence .. ' ' .. run then
      busy = true -- a request of an earlier token is at work yet; it must end before this one begins
    end
  end
end

-- Raised even when this request has to come again: no more of the earlier ones get in meanwhile.
fence_raise(scope, run, fence)
if #over > 0 then
  redis.call('HDEL', scope, unpack(over))
end
redis.call('PEXPIRE', scope, keep)
if e[4] then
  return { 'answered', e[4] }
end
if busy then
  return { 'busy' }
end
local ends = string.format('%.0f', now + lock)
redis.call('HSET', scope, 'f:' .. attempt, ends .. ' ' .. fence .. ' ' .. run)
redis.call('HSET', entry, 'print', print, 'attempt', attempt, 'until', ends)
redis.call('PEXPIRE', entry, keep)
return { 'begun' }
