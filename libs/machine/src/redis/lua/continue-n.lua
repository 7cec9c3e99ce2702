-- Commit a step of each of several machines, and go on with the next under its lease's next token: the usual case of `commit`,
-- and the hottest script of all. For each machine everything is as it should be, or nothing is done; whoever gets no time back
-- asks `commit`, which knows all cases. So this one includes next to nothing: each function that a script defines is made anew at
-- every call.
-- KEYS    for each machine: record, lease, history
-- ARGV    ttl in ms, history limit, then for each machine: fence, nonce, steps, next fence, next steps, state, event, context,
--         history item, time at which the state was entered in server ms
-- Returns for each machine: server time in ms | 0 when nothing was done
-- A resend finds the records' fences raised and answers 0; `commit` then recognises each fence as the last one committed. A
-- crash after this: the watch has the lease's expiry (the sweep finds the lease alive and moves it on). What can raise an error
-- comes before a machine's first write, by pcall: one bad key must not keep the others from their replies.
--- @include "includes/history"

local ttl, history_limit = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now, ends = string.format('%.0f', now_ms), string.format('%.0f', now_ms + ttl)
local info = redis.call('INFO', 'replication')
local from = string.find(info, 'master_replid:', 1, true) + 14
local server = string.sub(info, from, from + 15)

local replies = {}
for i = 1, #KEYS / 3 do
  local record_key, lease_key, history_key = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local a = 10 * i - 7
  local fence, next_fence, next_steps = ARGV[a], ARGV[a + 3], ARGV[a + 4]
  local record = redis.pcall('HMGET', record_key, 'fence', 'nonce', 'steps', 'status', 'retries', 'claims', 'more',
    'history')
  local lease = redis.pcall('HMGET', lease_key, 'fence', 'until', 'server')
  local done = 0
  -- K1, and a first attempt under a first claim: nothing else is to be cleared away. L4: the lease is this claim's, lives, and
  -- was granted by this very server.
  if record[1] == fence and record[2] == ARGV[a + 1] and record[3] == ARGV[a + 2] and record[4] == 'running'
    and (record[5] or '0') == '0' and record[6] == '1' and not record[7] and lease[1] == fence and lease[3] == server
    and tonumber(lease[2] or '0') > now_ms and tonumber(next_fence) < 9007199254740991 then
    local longer = history_longer(record[8], ARGV[a + 8], history_limit)
    if longer or not history_push(redis.pcall, record_key, history_key, record[8], ARGV[a + 8], history_limit) then
      redis.call('HSET', lease_key, 'fence', next_fence, 'steps', next_steps, 'until', ends, 'advanced', '1') -- retries is 0
      -- A field that is there twice costs less than a command of its own for `history`.
      redis.call('HSET', record_key, 'state', ARGV[a + 5], 'event', ARGV[a + 6], 'context', ARGV[a + 7], 'steps', next_steps,
        'fence', next_fence, 'committed', fence, 'updated', now, 'since', ARGV[a + 9], longer and 'history' or 'since',
        longer or ARGV[a + 9])
      done = now_ms
    end
  end
  replies[i] = done
end
return replies
