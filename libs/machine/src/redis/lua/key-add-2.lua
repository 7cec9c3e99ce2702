-- Keep a data key, which is wrapped: the first of its owner, or beside others that are there (decision 31).
-- KEYS[1] hash of keys  KEYS[2] record of the machine whose key it is; for a tenant's the hash again
-- ARGV    field, id of the key, the wrapped key, 'first' to keep it only where there is none or 'again' to put it beside others,
--         '1' for a machine's key
-- Returns what is there then: wrapped keys, separated by spaces, or 'shredded …', to which nothing is added
-- A resend finds the key there and changes nothing. A crash after this: the key is there, and whoever asks next uses it.
-- A machine's key goes after a day where nobody starts the machine; `start` keeps it.

local keys_key, record_key = KEYS[1], KEYS[2]
local field, ref, wrapped, how, of_machine = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'

local now = redis.call('HGET', keys_key, field)
if now and (how == 'first' or string.sub(now, 1, 8) == 'shredded' or string.find(' ' .. now, ' ' .. ref .. '.', 1, true)) then
  return now
end

local text = now and now .. ' ' .. wrapped or wrapped
redis.call('HSET', keys_key, field, text)
if of_machine and redis.call('EXISTS', record_key) == 0 then
  redis.call('EXPIRE', keys_key, 86400)
end
return text
