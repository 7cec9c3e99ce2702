-- Let a paused machine go on where it was stopped. What came due or in meanwhile comes first.
-- KEYS    those of a machine (see machine_keys), and the set of machines that the hold has stopped
-- ARGV    id, nonce of this act, tail of its history item, history limit, name of the hold whose machines are let go,
--         or ''
-- Returns { 'done', job … } (see record_job) | { 'done' } | { 'refused', status } | { 'missing' } | { 'garbage', why }
-- A resend finds its own nonce and changes nothing. A crash after this: the watch has the machine where it is to go on.
--- @include "includes/steer"

local K = machine_keys(KEYS)
local id, nonce, tail, history_limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local held_key, hold = KEYS[11], ARGV[5]

local now_ms = math.floor(server_time_us() / 1000)
local record, refusal = steer_read(K, nonce, now_ms)
-- Not for a resend: the hold may have stopped the machine again since, by a worker that had not heard yet that it was taken off.
if hold ~= '' and (record or refusal[1] ~= 'done') then
  redis.call('SREM', held_key, id)
end
if not record then
  return refusal
end
if hold ~= '' and record.hold ~= hold then
  return { 'done' } -- stopped by something else since
end
if record.status == 'paused' then
  record.status, record.before, record.hold, record.pause = record.before or 'queued', nil, nil, false
  record.drive, record.claims = record.drive + 1, 0
  settle(K, record, now_ms)
elseif record.pause then -- asked for, and taken back before the step in hand has ended
  record.pause = false
elseif record_is_over(record) then
  return { 'refused', record.status }
else
  return { 'done' }
end

record.rev = record.rev + 1
history_act(K, record, 'resumed', record.state, tail, now_ms, history_limit)
return steer_write(K, id, record, nonce, now_ms)
