-- Keep the answer of a request, or forget the request so that a repeat is handled anew.
-- KEYS[1] scope, KEYS[2] answer: as in begin
-- ARGV    attempt, '1' to keep the answer or '0' to forget, answer, how long it is kept in ms
-- Returns { 1 } when this attempt was the one in progress, else { 0 }: its time was over, and another was let in
-- A resend keeps the same answer again.

local scope, entry = KEYS[1], KEYS[2]
local attempt, kept, answer, keep = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4]

local ours = redis.call('HGET', entry, 'attempt') == attempt
redis.call('HDEL', scope, 'f:' .. attempt)
if not ours then
  return { 0 }
end
if kept then
  redis.call('HSET', entry, 'answer', answer)
  redis.call('PEXPIRE', entry, keep)
else
  redis.call('DEL', entry)
end
return { 1 }
