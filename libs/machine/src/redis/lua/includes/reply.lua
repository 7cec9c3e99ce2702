-- Reads with a command; nothing where somebody has put another type under its key by hand: one such key must not hide all others. Any other
-- error ends the script, as the command itself says it.
local function call_unless_wrong_type(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then
    return reply
  end
  if string.find(reply.err, 'WRONGTYPE', 1, true) then
    return nil
  end
  return redis.call(...)
end
