-- The token that a scope has seen, in a hash: { run, fence, 'r:<run>' for each run that was before it }. Tokens compare within one
-- run only; a run never seen takes over, and the one before it is refused from then on.

-- Reads only. Nil when the token may write.
local function fence_refusal(key, run, fence)
  local f = redis.call('HMGET', key, 'run', 'fence', 'r:' .. run)
  if not f[1] then
    return nil
  end
  if f[1] == run then
    if tonumber(f[2]) <= tonumber(fence) then
      return nil
    end
  elseif not f[3] then
    return nil
  end
  return { 'stale', f[1], f[2] }
end

-- Only once nothing can refuse any more.
local function fence_raise(key, run, fence)
  local f = redis.call('HMGET', key, 'run', 'fence')
  if f[1] and f[1] ~= run then
    redis.call('HSET', key, 'r:' .. f[1], f[2])
  end
  redis.call('HSET', key, 'run', run, 'fence', fence)
end
