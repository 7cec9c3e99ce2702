-- Put a machine where it belongs, as `copy` has read it: out of a snapshot, or out of another partition.
-- KEYS    those of a machine (see machine_keys), then dedupe ids seen, high water, its own data key, machines that its hold has stopped, and the indexes
--         it is in
-- ARGV    id, 'restored' out of a snapshot, or while nobody runs machines 'moved' or, with leases in another store, 'moved-apart', end of its
--         retention in ms or '', text of its group of failures or '', number of indexes, then for each part in the order of `copy`: number of
--         texts, texts …
-- Returns 1, or 0 where a machine to be restored is there, or one to be moved is there as another than it was read
-- A resend, and whoever does it again after a crash, finds a restored machine there; a moved one is written again as it is. All of it or
-- nothing: a crash right after leaves a machine that the watch knows.
-- Tokens: nobody holds a lease any more, its counter stays. Those that were handed out after the snapshot are not known, nor those of a
-- lease store whose counter had the name of another partition: the fence becomes server time in µs, above all of them (L3), and
-- whoever has a claim from before is refused (K1).
--- @include "includes/server"
--- @include "includes/place"

local record_key, lease_key, watch_key, retention_key, outbox_key, held_key = KEYS[1], KEYS[2], KEYS[3], KEYS[5], KEYS[7], KEYS[14]
local id, restored, jumps, retention, title = ARGV[1], ARGV[2] == 'restored', ARGV[2] ~= 'moved', ARGV[3], ARGV[4]
local indexes = tonumber(ARGV[5])
local PARTS = { { 1, 'HSET' }, { 2, 'HSET' }, { 4, 'RPUSH' }, { 6, 'RPUSH' }, { 7, 'RPUSH' }, { 8, 'HSET' }, { 9, 'HSET' }, { 10, 'HSET' },
  { 11, 'ZADD' }, { 12, 'HSET' }, { 13, 'HSET' } }
local PIECE = 1000 -- even: fields stay with their values

local there = redis.call('HGET', record_key, 'updated')
if there or redis.call('EXISTS', record_key) == 1 then
  local same = false
  for i = 7, 6 + tonumber(ARGV[6]), 2 do
    same = same or (ARGV[i] == 'updated' and ARGV[i + 1] == there)
  end
  if restored or not same then
    return 0
  end
end

local at = 6
for _, part in ipairs(PARTS) do
  local key, command = KEYS[part[1]], part[2]
  local last = at + tonumber(ARGV[at])
  if key ~= record_key then
    redis.call('DEL', key) -- a record is there only where this is done again, with the same fields
  end
  for from = at + 1, last, PIECE do
    local piece = {}
    for i = from, math.min(from + PIECE - 1, last) do
      piece[#piece + 1] = ARGV[i]
    end
    if command == 'ZADD' then
      for i = 1, #piece, 2 do
        piece[i], piece[i + 1] = piece[i + 1], piece[i]
      end
    end
    redis.call(command, key, unpack(piece))
  end
  at = last + 1
end

local now_us = server_time_us()
local now_ms = int(math.floor(now_us / 1000))
local f = redis.call('HMGET', record_key, 'created', 'fence', 'hold', 'awaited')
local created, hold = tonumber(f[1]) and f[1] or '0', f[3]
local place, status = place_stored(record_key)
if redis.call('EXISTS', lease_key) == 1 then
  redis.call('HSET', lease_key, 'nonce', '', 'until', '0')
end
if jumps then
  redis.call('HSET', record_key, 'fence', int(math.max(now_us, tonumber(f[2]) or 0)), 'nonce', '')
end
-- Each machine was read at another moment: its result may have been taken out of its outbox after its parent was read. Parents know
-- what they have (J6).
if restored and f[4] == '1' and (status == 'completed' or status == 'failed' or status == 'cancelled') then
  redis.call('LREM', outbox_key, 0, 'result ' .. status)
  redis.call('RPUSH', outbox_key, 'result ' .. status)
  redis.call('HSET', record_key, 'out', '1', 'more', '1')
  retention = ''
end
local tag = string.match(record_key, '^{[^}]*}')
redis.call('ZADD', tag .. ':ix:ids', '0', id)
if place then
  redis.call('ZADD', tag .. ':ix:p:' .. place, created, id)
  redis.call('SADD', tag .. ':ix:places', place)
  if title ~= '' then
    redis.call('HSET', tag .. ':ix:groups', place, title)
  end
end
for i = 15, 14 + indexes do
  redis.call('ZADD', KEYS[i], created, id)
end
if retention ~= '' then
  redis.call('ZADD', retention_key, retention, id)
end
if status == 'paused' and hold then
  redis.call('SADD', held_key, id)
end
redis.call('ZADD', watch_key, now_ms, id) -- the sweep sees what it waits for
return 1
