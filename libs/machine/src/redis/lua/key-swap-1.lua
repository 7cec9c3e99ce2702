-- Replace wrapped keys by the same keys, wrapped anew.
-- KEYS[1] hash of keys
-- ARGV    field, what was read there, what shall be there
-- Returns 1, or 0 when something else is there by now: keys that were shredded stay so
-- A resend answers 0 and changes nothing.

if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
