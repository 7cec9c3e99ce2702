-- Commit a step and rest, the usual case of `commit`: a plain machine that is queued, delayed or completed next. Everything is as it
-- should be, or nothing is done and `commit` is asked, which knows all cases. It includes next to nothing: each function that a script
-- defines is made anew at every call.
-- KEYS[1] record  KEYS[2] lease  KEYS[3] watch  KEYS[4] history  KEYS[5] retention
-- ARGV    id, fence, nonce, steps, next ('queued' | 'delayed' | 'completed'), state, event, context, history item, delay in ms,
--         retention in ms, history limit, '1' when the lease is kept here, its place then (see includes/place), time at which the
--         state was entered in server ms
-- Returns { 'committed', next, drive, rev } | { 'unusual' }, as on another server than the claim's
-- A resend finds the record at rest and answers 'unusual'; `commit` then recognises the fence as the last one committed. A crash
-- after this: the watch has the job.
--- @include "includes/watch"
--- @include "includes/history"

local record_key, lease_key, watch_key, history_key, retention_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, fence, nonce, steps, next = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local state, event, context, item = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local delay, retention, history_limit = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local lease_here, place = ARGV[13] == '1', ARGV[14]

-- K1 as texts: the claim's own fence and nonce at its own step, and no failure or anything else to be cleared away.
local f = redis.pcall('HMGET', record_key, 'fence', 'nonce', 'steps', 'status', 'retries', 'drive', 'more', 'rev', 'server', 'place',
  'created', 'history')
local l = lease_here and redis.pcall('HMGET', lease_key, 'fence', 'nonce', 'until', 'server') or { nil, nil, nil, f[9] }
local info = redis.call('INFO', 'replication')
local from = string.find(info, 'master_replid:', 1, true) + 14
if f[1] ~= fence or f[2] ~= nonce or f[3] ~= steps or f[4] ~= 'running' or (f[5] or '0') ~= '0' or f[7] or l.err
  or not tonumber(f[11] or '') or not string.find(f[10] or '', '|active|', 1, true) or l[4] ~= string.sub(info, from, from + 15) then
  return { 'unusual' }
end
local longer = history_longer(f[12], item, history_limit)
if not longer and history_push(redis.pcall, record_key, history_key, f[12], item, history_limit) then
  return { 'unusual' }
end

local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', now_ms)
local due = next == 'delayed' and now_ms + delay or 0
-- Fence and nonce are the record's already. A field that is there twice costs less than a command of its own for `history`.
redis.call('HSET', record_key, 'status', next, 'state', state, 'event', event, 'context', context, 'steps',
  string.format('%.0f', steps + 1), 'committed', fence, 'claims', '0', 'due', string.format('%.0f', due), 'updated', now,
  'place', place, 'since', ARGV[15], longer and 'history' or 'since', longer or ARGV[15])
if lease_here and l[1] == fence and l[2] ~= '' and tonumber(l[3] or '0') > now_ms then -- as lease_put_away does
  redis.call('DEL', lease_key)
  if f[9] ~= l[4] then
    redis.call('HSET', record_key, 'server', l[4])
  end
end
if next == 'completed' then
  redis.call('HSET', record_key, 'finished', now)
  redis.call('HDEL', record_key, 'nonce', 'worker', 'claims', 'drives', 'due', 'place') -- as record_write does
  redis.call('ZADD', retention_key, string.format('%.0f', now_ms + retention), id)
  redis.call('ZREM', watch_key, id)
else
  redis.call('ZADD', watch_key, string.format('%.0f', math.max(now_ms, due) + WATCH_MS), id)
end
if f[10] ~= place then -- as place_move does
  local tag = string.match(record_key, '^{[^}]*}')
  local places_key, left_key = tag .. ':ix:places', tag .. ':ix:p:' .. f[10]
  redis.call('ZREM', left_key, id)
  if redis.call('EXISTS', left_key) == 0 then
    redis.call('SREM', places_key, f[10])
  end
  redis.call('ZADD', tag .. ':ix:p:' .. place, f[11], id)
  redis.call('SADD', places_key, place)
end
return { 'committed', next, f[6] or '0', f[8] or '0' }
