-- Commit a step and go on with the next under the lease's next token: the usual case of `commit`, and the hottest script of
-- all. Everything is as it should be, or nothing is done; whoever gets no time back asks `commit`, which knows all cases.
-- So this one includes nothing: each function that a script defines is made anew at every call.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] history
-- ARGV    fence, nonce, steps, next fence, next steps, state, event, context, history item, ttl in ms, history limit
-- Returns server time in ms | 0 when nothing was done
-- A resend finds the record's fence raised and answers 0; `commit` then recognises the fence as the last one committed. A
-- crash after this: the watch has the lease's expiry (the sweep finds the lease alive and moves it on).

local record_key, lease_key, history_key = KEYS[1], KEYS[2], KEYS[3]
local fence, nonce, steps, next_fence, next_steps = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local state, event, context, item, ttl, history_limit = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]

-- K1, and a first attempt under a first claim: nothing else is to be cleared away.
local record = redis.pcall('HMGET', record_key, 'fence', 'nonce', 'steps', 'status', 'retries', 'claims')
if record[1] ~= fence or record[2] ~= nonce or record[3] ~= steps or record[4] ~= 'running' or record[5] ~= '0'
  or record[6] ~= '1' then
  return 0
end
-- L4: the lease is this claim's, lives, and was granted by this very server (its former identity is master_replid2).
local lease = redis.pcall('HMGET', lease_key, 'fence', 'until', 'server')
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local info = redis.call('INFO', 'replication')
if lease[1] ~= fence or not lease[3] or tonumber(lease[2] or '0') <= now_ms or tonumber(next_fence) >= 9007199254740991
  or not string.find(info, 'master_replid:' .. lease[3], 1, true) then
  return 0
end

local now, ends = string.format('%.0f', now_ms), string.format('%.0f', now_ms + ttl)
if redis.call('RPUSH', history_key, item) > tonumber(history_limit) then
  redis.call('LTRIM', history_key, -history_limit, -1)
end
redis.call('HSET', lease_key, 'fence', next_fence, 'steps', next_steps, 'retries', '0', 'until', ends, 'advanced', '1')
redis.call('HSET', record_key, 'state', state, 'event', event, 'context', context, 'steps', next_steps, 'fence', next_fence,
  'committed', fence, 'updated', now)
return now_ms
