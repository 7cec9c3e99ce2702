-- Keep a data key, which is wrapped: the first of its owner, or beside others that are there (decision 31).
-- KEYS[1] hash of keys  KEYS[2] record of the machine whose key it is; for a tenant's the hash again
-- ARGV    field, id of the key, the wrapped key, 'first' to keep it only where there is none or 'again' to put it beside others,
--         '1' for a machine's key
-- Returns what is there then: wrapped keys, separated by spaces, or 'shredded …', to which nothing is added
-- A resend finds the key there and changes nothing. A crash after this: the key is there, and whoever asks next uses it.
-- A machine's key goes after a day in which nobody starts the machine, or asks for its key to do so; `start` keeps it. One that an archive needs has
-- no such time.

local keys_key, record_key = KEYS[1], KEYS[2]
local field, ref, wrapped, how, of_machine = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'

local now = redis.call('HGET', keys_key, field)
local text = now
if not now then
  text = wrapped
elseif how == 'again' and string.sub(now, 1, 8) ~= 'shredded' and not string.find(' ' .. now, ' ' .. ref .. '.', 1, true) then
  text = now .. ' ' .. wrapped
end
if text ~= now then
  redis.call('HSET', keys_key, field, text)
end
if of_machine and (not now or redis.call('PTTL', keys_key) >= 0) and redis.call('EXISTS', record_key) == 0 then
  redis.call('EXPIRE', keys_key, 86400)
end
return text
