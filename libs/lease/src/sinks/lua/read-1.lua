-- Read a value and make the token known in one go: whoever holds an earlier one can no longer write what this reader has not seen.
-- KEYS[1] scope
-- ARGV    run, fence
-- Returns { 'done', value or nil } | { 'stale', run, fence }
-- A resend reads once more. A crash after this leaves the token raised: earlier ones are refused, as they should be.
--- @include "includes/fence"

local key = KEYS[1]
local run, fence = ARGV[1], ARGV[2]

local refusal = fence_refusal(key, run, fence)
if refusal then
  return refusal
end

fence_raise(key, run, fence)
return { 'done', redis.call('HGET', key, 'value') }
