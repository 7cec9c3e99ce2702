-- How a machine ends, is cancelled, or is stopped: whatever a script does to it that no worker asked for.
--- @include "includes/events"

-- ISO 8601 of server ms; days to a date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
local function iso_time(ms)
  local seconds = math.floor(ms / 1000)
  local days, rest = math.floor(seconds / 86400), seconds % 86400
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04.0f-%02.0f-%02.0fT%02.0f:%02.0f:%02.0f.%03.0fZ', year, month, day, math.floor(rest / 3600),
    math.floor(rest % 3600 / 60), rest % 60, ms % 1000)
end

local function quoted(name)
  return '"' .. string.gsub(name, '[^%w_.:-]', '?') .. '"'
end

-- A history item of what was done to the machine. `tail`: JSON from `"error"` on, who and why included.
local function history_act(K, record, outcome, to, tail, now_ms, limit)
  local item = '{"steps":' .. int(record.steps) .. ',"retries":' .. int(record.retries) .. ',"fence":'
    .. int(record.fence) .. ',"from":' .. quoted(record.state) .. ',"event":' .. quoted(record.event) .. ',"to":' .. quoted(to)
    .. ',"outcome":"' .. outcome .. '","startedAt":"' .. iso_time(now_ms) .. '",' .. tail
  history_add(K, item, limit)
end

local function outbox_add(K, record, item)
  redis.call('RPUSH', K.outbox, item)
  record.out = true
end

-- Children that may be started, and not noted yet: `children-next` gives so many of a group at most.
local CHILDREN_AT_ONCE = 100

-- Stops the start of children that nobody waits for any more, and has those that run cancelled; all but those that outlive it. The item says how
-- many may have been started: whoever did so may die before it is noted.
local function group_close(K, record, group)
  local f = redis.call('HMGET', K.children, group .. ':total', group .. ':started', group .. ':outlive')
  local total, started = tonumber(f[1] or '0'), tonumber(f[2] or '0')
  if f[3] == '1' then
    return
  end
  for i = started, total - 1 do
    redis.call('HDEL', K.children, group .. ':s:' .. int(i))
  end
  record.pending = math.max(0, record.pending - (total - started))
  redis.call('HSET', K.children, group .. ':open', '0', group .. ':total', int(started))
  outbox_add(K, record, 'cancel ' .. group .. ' ' .. int(math.min(total, started + CHILDREN_AT_ONCE)))
end

-- J5, J6: its result goes to whoever waits for it; children that do not outlive it are cancelled; it is kept from the moment on at
-- which the outbox is empty. A failed machine may be retried: its children go on.
local function end_machine(K, id, record, status, now_ms, retention)
  record.status, record.before, record.due, record.pause, record.hold = status, nil, 0, false, nil
  if status ~= 'failed' then
    record.timers = '' -- a failed step may be tried again, and stay in its state
  end
  if record.awaited then
    outbox_add(K, record, 'result ' .. status)
  end
  if record.children > 0 and status ~= 'failed' then
    for group in string.gmatch(redis.call('HGET', K.children, 'groups') or '', '%S+') do
      if redis.call('HGET', K.children, group .. ':outlive') ~= '1' then
        group_close(K, record, group)
      end
    end
  end
  redis.call('HSET', K.record, 'finished', int(now_ms), 'keep', int(retention))
  if not record.out and record.pending == 0 then
    redis.call('ZADD', K.retention, int(now_ms + retention), id)
  end
end

-- Takes a machine that no worker runs where a cancellation leads: to the state that cleans up, or to its end.
local function cancel_now(K, id, record, tail, now_ms, retention, history_limit)
  record.rev, record.retries, record.claims = record.rev + 1, 0, 0
  record.pause, record.hold, record.timers = false, nil, ''
  if record.cleanup ~= '' then
    history_act(K, record, 'cancelling', record.cleanup, tail, now_ms, history_limit)
    record.cancel = 'cleanup'
    record.deadline = 0
    drive_with(record, 'pseudo_cancel', nil)
  else
    history_act(K, record, 'cancelled', record.state, tail, now_ms, history_limit)
    record.cancel = nil
    end_machine(K, id, record, 'cancelled', now_ms, retention)
  end
end

-- What an operator has asked for while a worker ran the machine, done now that it does not. Returns whether there was anything.
local function stop_as_asked(K, id, record, next, now_ms, retention, history_limit)
  if record.cancel == 'graceful' then
    cancel_now(K, id, record, record.asked, now_ms, retention, history_limit)
    return true
  end
  if record.pause then
    record.status, record.before, record.pause = 'paused', next, false
    record.drive = record.drive + 1
    return true
  end
  return false
end

-- The answer to a word on a step that was cancelled under this fence, and to its repeats.
local function stopped_before(K, record, fence, now_ms)
  if redis.call('HGET', K.record, 'ceased') ~= fence then
    return nil
  end
  if record.status == 'queued' then
    return { 'cancelled', record_job(record, now_ms) }
  end
  return { 'cancelled' }
end
