-- Destroy the keys of an owner. What stands in their place keeps new ones from being made.
-- KEYS[1] hash of keys
-- ARGV    field
-- Returns 'shredded' | 'before' | 'none'
-- A resend answers 'before' and changes nothing.
--- @include "includes/server"

local keys_key, field = KEYS[1], ARGV[1]

local now = redis.call('HGET', keys_key, field)
if not now then
  return 'none'
end
if string.sub(now, 1, 8) == 'shredded' then
  return 'before'
end
redis.call('HSET', keys_key, field, 'shredded ' .. int(math.floor(server_time_us() / 1000)))
return 'shredded'
