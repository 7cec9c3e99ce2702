-- The oldest items of an outbox.
-- KEYS[1] outbox
-- ARGV    items at most
-- Returns { this server's identity, item … }
--- @include "includes/server"

local items = redis.call('LRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)
table.insert(items, 1, server_identity())
return items
