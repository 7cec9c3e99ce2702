-- Write or remove a value, unless a later token has been seen.
-- KEYS[1] scope: hash { value, run, fence, r:<run> … }
-- ARGV    run, fence, '1' to write or '0' to remove, value
-- Returns { 'done' } | { 'stale', run, fence }
-- A resend writes the same again; where a later token came in between, it is refused. A crash after this leaves value and token both.
--- @include "includes/fence"

local key = KEYS[1]
local run, fence, present, value = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]

local refusal = fence_refusal(key, run, fence)
if refusal then
  return refusal
end

fence_raise(key, run, fence)
if present then
  redis.call('HSET', key, 'value', value)
else
  redis.call('HDEL', key, 'value')
end
return { 'done' }
