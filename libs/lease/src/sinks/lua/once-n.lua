-- Run a user's script, unless a later token has been seen; and once per idempotency key.
-- KEYS[1] scope, KEYS[2] answer of this idempotency key, then the user's
-- ARGV    run, fence, how long the answer is kept in ms, then the user's
-- Returns { 'done', answer } | { 'repeat', answer } | { 'stale', run, fence }
-- A resend gets the stored answer. A user's script that breaks off leaves what it had written, and the token with it: Lua has no
-- rollback. Its answer is not stored then, so a repeat runs it again.
--- @include "includes/fence"

local scope, stored = KEYS[1], KEYS[2]
local run, fence, keep = ARGV[1], ARGV[2], ARGV[3]

local refusal = fence_refusal(scope, run, fence)
if refusal then
  return refusal
end
local before = redis.call('GET', stored)

-- Before the user's writes: should those break off half-way, no earlier token may follow them.
fence_raise(scope, run, fence)
if before then
  return { 'repeat', cmsgpack.unpack(before) }
end

local function user_script(KEYS, ARGV)
--- @body
end
local answer = user_script({ unpack(KEYS, 3) }, { unpack(ARGV, 4) })
if type(answer) == 'table' and answer.err then
  return answer
end
redis.call('SET', stored, cmsgpack.pack(answer), 'PX', keep)
return { 'done', answer }
