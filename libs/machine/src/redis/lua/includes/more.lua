-- What a machine has beyond the plain: events, timers, flags, children, messages. A record that has any of it carries `more` = '1',
-- so that the scripts of the usual cases need to look at one field only.
--   state event data                          `data` is the JSON that came with the event, absent where none did
--   takes                                     where it waits: ' +paid -noise !bad ', takes, drops, refuses; all else is kept
--   timers                                    of the state it is in: '<ms>:<event> …', soonest first, absolute server time;
--                                             they fire where it waits, and are kept while a step runs that may stay there
--   inbox seq                                 items in the inbox, and the number of the last one
--   pause hold before                         asked to pause; stopped by which hold; status to go back to
--   cancel cleanup asked                      'graceful' or 'cleanup'; the state that cleans up; history tail of whoever asked
--   ceased                                    fence of the word that a cancellation refused: recognises its repeats
--   deadline late                             server ms; the event it sends, '' for none
--   parent awaited                            where the result goes (JSON); '1' when it is waited for
--   children pending out                      children asked for, not started yet; '1' when the outbox may hold something
--   once tokens entered                       results kept for the next attempt; step of the last callback token; step that entered the state
--   keep limit                                ms of keeping once the outbox is empty; inbox limit
--- @include "includes/record"
--- @include "includes/place"
--- @include "includes/history"

-- Keys of a machine, in the order in which scripts take them.
local function machine_keys(keys)
  return { record = keys[1], lease = keys[2], watch = keys[3], history = keys[4], retention = keys[5], inbox = keys[6],
    outbox = keys[7], results = keys[8], callbacks = keys[9], children = keys[10] }
end

-- Fills in what `record_read` left out. One round of reading for all that follows.
local function record_more(key, record)
  local f = redis.call('HMGET', key, 'state', 'event', 'data', 'takes', 'timers', 'inbox', 'seq', 'pause', 'hold', 'before',
    'cancel', 'cleanup', 'asked', 'deadline', 'late', 'awaited', 'children', 'pending', 'out', 'once', 'tokens', 'entered',
    'keep', 'limit', 'act', 'place', 'created')
  record.state, record.event, record.data = f[1] or '', f[2] or '', f[3]
  record.takes, record.timers = f[4] or '', f[5] or ''
  record.inbox, record.seq = tonumber(f[6] or '0'), tonumber(f[7] or '0')
  record.pause, record.hold, record.before = f[8] == '1', f[9], f[10]
  record.cancel, record.cleanup, record.asked = f[11], f[12] or '', f[13] or ''
  record.deadline, record.late = tonumber(f[14] or '0'), f[15] or ''
  record.awaited, record.children, record.pending, record.out = f[16] == '1', tonumber(f[17] or '0'), tonumber(f[18] or '0'), f[19] == '1'
  record.once, record.tokens, record.entered = f[20] == '1', f[21], tonumber(f[22] or '0')
  record.keep, record.limit, record.act = tonumber(f[23] or '0'), tonumber(f[24] or '1000'), f[25]
  record.place, record.created = place_said(f[26], record.machine, record.version, record.status, record.state), f[27]
end

local function record_is_over(record)
  return record.status == 'completed' or record.status == 'failed' or record.status == 'cancelled'
end

local function history_add(K, item, limit)
  local history = redis.call('HGET', K.record, 'history')
  local longer = history_longer(history, item, limit)
  if longer then
    redis.call('HSET', K.record, 'history', longer)
  else
    history_push(redis.call, K.record, K.history, history, item, limit)
  end
end

-- Writes all that `record_more` and `record_read` know, whatever of it has changed; what is at its default is absent, and moves the machine
-- to its place in the lists. Returns '1' where there is more than the plain, else ''.
local function record_write(key, record, now_ms)
  local fields, gone = {}, {}
  local function put(name, value)
    if value then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    else
      gone[#gone + 1] = name
    end
  end
  local function some(number)
    return number > 0 and int(number) or nil
  end
  local waits = record.status == 'waiting' or record.before == 'waiting'
  put('status', record.status)
  put('state', record.state)
  put('event', record.event)
  put('steps', int(record.steps))
  put('retries', some(record.retries))
  put('drive', some(record.drive))
  put('claims', some(record.claims))
  put('due', some(record.due))
  put('rev', some(record.rev))
  put('updated', int(now_ms))
  put('data', record.data)
  put('takes', waits and record.takes ~= '' and record.takes or nil)
  put('timers', record.timers ~= '' and record.timers or nil)
  put('inbox', some(record.inbox))
  put('seq', some(record.seq))
  put('pause', record.pause and '1' or nil)
  put('hold', record.hold)
  put('before', record.before)
  put('cancel', record.cancel)
  put('cleanup', record.cancel and record.cleanup ~= '' and record.cleanup or nil)
  put('asked', record.cancel == 'graceful' and record.asked or nil)
  put('deadline', some(record.deadline))
  put('late', record.late ~= '' and record.late or nil)
  put('pending', some(record.pending))
  put('children', some(record.children))
  put('out', record.out and '1' or nil)
  put('once', record.once and '1' or nil)
  put('tokens', record.tokens)
  put('entered', some(record.entered))
  put('act', record.act)
  if record.status == 'waiting' or record_is_over(record) then -- nobody may write, and whoever repeats a word is known by its fence
    put('nonce')
    put('worker')
    put('drives')
  end
  local more = record.data or waits or record.inbox > 0 or record.pause or record.hold or record.cancel or record.deadline > 0
    or record.awaited or record.children > 0 or record.out or record.once or record.tokens or record.seq > 0 or record.timers ~= ''
  put('more', more and '1' or nil)
  local place, title = place_of(key, record)
  put('place', place ~= place_said(nil, record.machine, record.version, record.status, record.state) and place or nil)
  redis.call('HSET', key, unpack(fields))
  if #gone > 0 then
    redis.call('HDEL', key, unpack(gone))
  end
  if place ~= record.place then
    place_move(key, record, place, title)
  end
  return more and '1' or ''
end

-- By when something must have happened (J2). A lease in use is watched by whoever granted it.
local function watch_write(K, id, record, now_ms)
  local at
  local function sooner(ms)
    at = math.min(at or ms, ms)
  end
  if record.status == 'queued' or record.status == 'delayed' then
    sooner(math.max(now_ms, record.due) + WATCH_MS)
  elseif record.status == 'waiting' then
    local first = string.match(record.timers, '^%d+')
    if first then
      sooner(tonumber(first))
    end
  end
  -- A queued machine past a deadline that fails it: the worker that claims it sees that it is late.
  if record.deadline > 0 and (record.status == 'waiting' or record.status == 'delayed'
    or (record.status == 'queued' and (record.late ~= '' or record.deadline > now_ms))) then
    sooner(record.deadline)
  end
  if record.out or record.pending > 0 then
    sooner(now_ms + WATCH_MS)
  end
  if at then
    redis.call('ZADD', K.watch, int(at), id)
  else
    redis.call('ZREM', K.watch, id)
  end
end
