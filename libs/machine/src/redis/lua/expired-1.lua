-- Machines whose time of keeping is over.
-- KEYS[1] retention
-- ARGV    batch size
-- Returns a list of ids
--- @include "includes/server"

return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', int(math.floor(server_time_us() / 1000)), 'LIMIT', 0, tonumber(ARGV[1]))
