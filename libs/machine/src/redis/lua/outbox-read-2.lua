-- The oldest items of an outbox.
-- KEYS[1] outbox  KEYS[2] record
-- ARGV    items at most
-- Returns { this server's identity, the machine's run or '', item … }
--- @include "includes/server"

local items = redis.call('LRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)
local run = redis.pcall('HGET', KEYS[2], 'run')
table.insert(items, 1, type(run) == 'string' and run or '')
table.insert(items, 1, server_identity())
return items
