-- Change the context of a machine that rests.
-- KEYS    those of a machine (see machine_keys)
-- ARGV    id, nonce of this act, tail of its history item, history limit, revision it was read at ('steps.retries.rev'), new context
-- Returns { 'done', job … } (see record_job) | { 'done' } | { 'refused', status } | { 'missing' } | { 'garbage', why }
--         | { 'revision', the present one }
-- A resend finds its own nonce and changes nothing. A crash after this: the watch has the machine where it is to go on.
--- @include "includes/steer"

local K = machine_keys(KEYS)
local id, nonce, tail, history_limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local revision, context = ARGV[5], ARGV[6]

local now_ms = math.floor(server_time_us() / 1000)
local record, refusal = steer_read(K, nonce, now_ms)
if not record then
  return refusal
end
if record.status ~= 'paused' and record.status ~= 'failed' then
  return { 'refused', record.status }
end
local present = int(record.steps) .. '.' .. int(record.retries) .. '.' .. int(record.rev)
if revision ~= present then
  return { 'revision', present }
end

record.rev = record.rev + 1
history_act(K, record, 'edited', record.state, tail, now_ms, history_limit)
redis.call('HSET', K.record, 'context', context)
return steer_write(K, id, record, nonce, now_ms)
