-- Keep something of the attempt in hand for the next one: a result, a heartbeat, a callback token (K6: under the claim's guard).
-- KEYS    those of a machine (see machine_keys)
-- ARGV    fence, nonce, steps, the claim's run, then 'result', field, value | 'beat', details | 'token', hash, ms to live, event of its failure
-- Returns { 'noted', expires } | { 'stale' } when the step is another's
-- A resend writes the same once more: harmless. Results go with the step's commit, tokens when the machine leaves the state.
--- @include "includes/callbacks"

local K = machine_keys(KEYS)
local fence, nonce, steps, run, kind, field = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]

local now_ms = math.floor(server_time_us() / 1000)
local record = record_read(K.record)
if not record or record.run ~= run or not record_is_ours(record, fence, nonce, steps) then
  return { 'stale' }
end

if kind == 'result' then
  redis.call('HSET', K.results, field, ARGV[7])
  redis.call('HSET', K.record, 'once', '1', 'more', '1')
  return { 'noted', '0' }
end
if kind == 'beat' then
  redis.call('HSET', K.record, 'beat', field, 'once', '1', 'more', '1')
  return { 'noted', '0' }
end
local text = redis.call('HGET', K.callbacks, field)
if text and string.match(text, ' (%S+)$') ~= '-' then
  return { 'noted', '0' } -- used already, by whoever an earlier attempt gave it to
end
local ttl = tonumber(ARGV[7])
callback_write(K, field, { expires = now_ms + ttl, ttl = ttl, step = steps, failed = ARGV[8] })
redis.call('HSET', K.record, 'tokens', int(steps), 'more', '1')
return { 'noted', int(now_ms + ttl) }
