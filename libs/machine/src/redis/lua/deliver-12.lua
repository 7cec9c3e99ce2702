-- Give a machine an event (J3): it is taken at once where the machine waits for it, else kept in the inbox.
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, and high water of senders
-- ARGV    id, event, data (JSON or ''), how it is known again:
--         'id', dedupe id | 'message', run of the sender, number | 'token', hash of the token, nonce of this call;
--         dedupe ids kept, identity of the server that a message was read on or '' (see read-on.ts), traceparent of the sender or ''
-- Returns { 'taken', job … } | { 'kept' } | { 'ignored' } | { 'duplicate' } | { 'rejected', state } | { 'full', limit } |
--         { 'ended', status } | { 'gone' } for a token | { 'missing' } | { 'moved' } | { 'garbage', why }
-- A resend finds its own mark and answers 'duplicate' ('kept' for a token): the event is there once. A crash after this: the watch
-- has the machine.
--- @include "includes/ending"
--- @include "includes/callbacks"

local K = machine_keys(KEYS)
local seen_key, water_key = KEYS[11], KEYS[12]
local id, event, data, kind, mark, number = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local remembered = tonumber(ARGV[7])

-- The commit that sent it may be gone with another server's tail: its step is made again, and may send something else by this number.
if kind == 'message' and ARGV[8] ~= '' and ARGV[8] ~= server_identity() then
  return { 'moved' }
end

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(K.record)
if not record then
  if problem == 'missing' then
    return { kind == 'token' and 'gone' or 'missing' }
  end
  return { 'garbage', problem }
end
record_more(K.record, record)
local token
if kind == 'id' and redis.call('ZSCORE', seen_key, mark) then
  return { 'duplicate' }
elseif kind == 'message' and tonumber(redis.call('HGET', water_key, mark) or '-1') >= tonumber(number) then
  return { 'duplicate' }
elseif kind == 'token' then
  if redis.call('ZSCORE', seen_key, number) then
    return { 'kept' } -- this very call, whose reply was lost; the machine may have left the state since
  end
  token = callback_read(K, record, mark, now_ms)
  if not token or token.used then
    return { 'gone' }
  end
  if event == '' then
    event = token.failed
  end
end
if record_is_over(record) then
  return { kind == 'token' and 'gone' or 'ended', record.status }
end

local drive = record.drive
local outcome = accept(K, record, event, data ~= '' and data or nil, now_ms, record.limit, false, ARGV[9])
if outcome == 'rejected' then
  return { outcome, record.state }
elseif outcome == 'full' then
  return { outcome, int(record.limit) }
end
if kind == 'message' then
  redis.call('HSET', water_key, mark, number)
else
  redis.call('ZADD', seen_key, int(now_ms), kind == 'id' and mark or number)
  redis.call('ZREMRANGEBYRANK', seen_key, 0, -remembered - 1)
end
if token then
  callback_use(K, mark, token, number)
end
record_write(K.record, record, now_ms)
if record.status ~= 'running' then
  watch_write(K, id, record, now_ms)
end
if record.drive ~= drive then
  return { outcome, record_job(record, now_ms) }
end
return { outcome }
