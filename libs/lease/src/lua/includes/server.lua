-- What the server says of itself. Scripts take time and identity from here, never from the client: a resent command would
-- carry the old ones.

-- Whole numbers up to 2^53 as text; Lua's own tostring would write 1e+15.
local function int(number)
  return string.format('%.0f', number)
end

-- Microseconds since the epoch.
local function server_time_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Changes with every promotion and restore (about 2 µs). A replica attaching for the first time may change it as well:
-- the worst of that is a jump of the next token. 16 of its 40 hex digits: every record has them, and 64 random bits tell servers apart.
local function server_identity()
  local info = redis.call('INFO', 'replication')
  local from = string.find(info, 'master_replid:', 1, true) + 14
  return string.sub(info, from, from + 15)
end
