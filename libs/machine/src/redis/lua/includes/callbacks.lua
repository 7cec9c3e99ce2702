-- Callback tokens of a machine, a hash from the token's hash to '<expires ms> <ttl ms> <step> <failed event> <nonce of use or ->'.
--- @include "includes/more"

-- Usable while the step that handed it out runs, and while the machine is in the state that this step entered, or stayed in.
local function callback_read(K, record, hash, now_ms)
  local text = redis.call('HGET', K.callbacks, hash)
  if not text then
    return nil
  end
  local expires, ttl, step, failed, used = string.match(text, '^(%d+) (%d+) (%d+) (%S+) (%S+)$')
  local token = { expires = tonumber(expires), ttl = tonumber(ttl), step = tonumber(step), failed = failed, used = used ~= '-' and used or nil }
  if token.used then
    return token
  end
  if token.expires <= now_ms or token.step < record.entered then
    return nil
  end
  return token
end

local function callback_write(K, hash, token)
  redis.call('HSET', K.callbacks, hash, int(token.expires) .. ' ' .. int(token.ttl) .. ' ' .. int(token.step) .. ' ' .. token.failed
    .. ' ' .. (token.used or '-'))
end

local function callback_use(K, hash, token, nonce)
  token.used = nonce
  callback_write(K, hash, token)
end
