-- How an operation ends.
--- @include "includes/server"

-- It is kept for a while. The index of those that have ended forgets what has expired, and expires with the last of them.
local function operation_end(operation_key, running_key, ended_key, id, status, because, now_ms, keep_ms)
  redis.call('HSET', operation_key, 'status', status, 'because', because, 'finished', int(now_ms))
  redis.call('SREM', running_key, id)
  redis.call('PEXPIRE', operation_key, keep_ms)
  redis.call('ZREMRANGEBYSCORE', ended_key, '-inf', int(now_ms - keep_ms))
  redis.call('ZADD', ended_key, int(now_ms), id)
  redis.call('PEXPIRE', ended_key, keep_ms)
end
