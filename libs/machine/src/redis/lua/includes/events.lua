-- Events and timers of a machine. Inbox items are texts, '<number> <ms it came> <event> <data>'; data is opaque JSON, or empty. Where its
-- sender is traced, the number is followed by '/<traceparent>'.
--- @include "includes/more"

-- What the state that the machine waits in does with an event: '+' takes it, '-' drops it, '!' refuses it; nil keeps it.
local function policy_of(record, event)
  for sign in string.gmatch('+-!', '.') do
    if string.find(record.takes, ' ' .. sign .. event .. ' ', 1, true) then
      return sign
    end
  end
  return nil
end

-- The machine goes on with an event: a job is due under an id that no job has had (J1, J3).
local function drive_with(record, event, data)
  record.status, record.before = 'queued', nil
  record.event, record.data = event, data
  record.drive, record.claims, record.due = record.drive + 1, 0, 0
end

-- Notes whose span has caused the next attempt (see includes/record), where anybody traces.
local function caused_by(K, record, cause)
  if cause and cause ~= '' then
    redis.call('HSET', K.record, 'traceparent', int(record.steps) .. ' ' .. cause)
  end
end

local function timer_take(record)
  local event, rest = string.match(record.timers, '^%d+:(%S+) ?(.*)$')
  record.timers = rest
  return event
end

-- J4: a timer is due by the server's clock, at the state that armed it: it lives in the record and leaves with the state.
local function timer_is_due(record, now_ms)
  local first = string.match(record.timers, '^%d+')
  return first ~= nil and tonumber(first) <= now_ms
end

-- The first item that the state takes, out of the inbox; those that it drops on the way go too.
local function inbox_take(K, record)
  local from = 0
  while record.inbox > 0 do
    local items = redis.call('LRANGE', K.inbox, from, from + 31)
    if #items == 0 then
      return nil
    end
    for _, item in ipairs(items) do
      local cause, event, data = string.match(item, '^%d+/?(%S*) %d+ (%S+) (.*)$')
      local policy = '-' -- what cannot be read
      if event then
        policy = policy_of(record, event)
      end
      if policy then
        redis.call('LREM', K.inbox, 1, item)
        record.inbox = record.inbox - 1
        if policy == '+' then
          caused_by(K, record, cause)
          return event, data ~= '' and data or nil
        end
      else
        from = from + 1
      end
    end
  end
  return nil
end

local function inbox_add(K, record, event, data, now_ms, first, cause)
  record.seq = record.seq + 1
  record.inbox = record.inbox + 1
  local number = int(record.seq) .. (cause and cause ~= '' and '/' .. cause or '')
  redis.call(first and 'LPUSH' or 'RPUSH', K.inbox, number .. ' ' .. int(now_ms) .. ' ' .. event .. ' ' .. (data or ''))
end

local function deadline_is_due(record, now_ms)
  return record.late ~= '' and record.deadline > 0 and record.deadline <= now_ms
end

-- The deadline's event comes before all that is in the inbox, once; outside the inbox bound.
local function deadline_take(K, record, now_ms)
  if not deadline_is_due(record, now_ms) then
    return false
  end
  record.deadline = 0
  inbox_add(K, record, record.late, nil, now_ms, true)
  return true
end

-- The machine waits, or would: what is due or in the inbox comes first (K4).
local function settle(K, record, now_ms)
  if record.status ~= 'waiting' then
    return
  end
  deadline_take(K, record, now_ms)
  if timer_is_due(record, now_ms) then
    drive_with(record, timer_take(record), nil)
    return
  end
  local event, data = inbox_take(K, record)
  if event then
    drive_with(record, event, data)
  end
end

-- Gives an event to the machine. `limit`: items the inbox may hold; nil for what comes from within, a join or a deadline, which is neither
-- bounded nor refused: nobody is there to send it again. `cause`: traceparent of who sent it, or nil. Returns 'taken' | 'kept' | 'ignored' | 'rejected' | 'full'; nothing
-- has been changed in the last two cases.
local function accept(K, record, event, data, now_ms, limit, first, cause)
  if record.status == 'waiting' then
    if timer_is_due(record, now_ms) then
      drive_with(record, timer_take(record), nil) -- it was due before this event came
    elseif deadline_is_due(record, now_ms) and policy_of(record, record.late) == '+' then
      record.deadline = 0
      drive_with(record, record.late, nil) -- as above
    else
      local policy = policy_of(record, event)
      if policy == '+' then
        drive_with(record, event, data)
        caused_by(K, record, cause)
        return 'taken'
      elseif policy == '-' then
        return 'ignored'
      elseif policy == '!' and limit then
        return 'rejected'
      end
    end
  end
  if limit and record.inbox >= limit then
    return 'full'
  end
  inbox_add(K, record, event, data, now_ms, first, cause)
  return 'kept'
end
