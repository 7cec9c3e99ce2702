-- What stands between a job and its claim. The job is compared before anything is claimed: a stale duplicate must never
-- raise the fence of a step that is running (C2).
--- @include "includes/record"
--- @include "includes/place"

-- Returns nil when the job may be claimed, else the reply that refuses it.
local function claim_refusal(record, problem, job, now_ms)
  if not record then
    if problem == 'missing' then
      return { 'missing' }
    end
    return { 'garbage', problem }
  end
  local waits = record_is_driven(record)
  local order = job.steps - record.steps
  if order == 0 then
    order = job.rev - record.rev
  end
  if order == 0 then
    order = job.retries - record.retries
  end
  if order > 0 and waits then
    return { 'future', record_job(record, now_ms) }
  end
  if order > 0 then
    return { 'future' }
  end
  if not waits then
    return { 'duplicate' }
  end
  if order < 0 or job.machine ~= record.machine or job.version ~= record.version then
    if record.status == 'running' then
      return { 'duplicate' } -- its lease is watched
    end
    return { 'duplicate', record_job(record, now_ms) }
  end
  if record.due > now_ms then
    return { 'early', int(record.due - now_ms) }
  end
  return nil
end

-- Whether a machine whose worker is gone was asked to stop while it ran: nobody may go on with it, `stop` does what was asked.
local function claim_is_asked(record_key, record)
  if record.status ~= 'running' or not record.more then
    return false
  end
  local f = redis.call('HMGET', record_key, 'pause', 'cancel')
  return f[1] == '1' or f[2] == 'graceful'
end

-- Whether this claim would be the last that its step is given, by a worker that has others in hand (C4): one that dies of them would be
-- told to be poison. Asked before the claim is counted: of one whose answer comes to a dead worker nothing would be taken back.
local function claim_is_crowded(record, barred)
  return barred > 0 and record.claims + 1 >= barred
end

-- Whoever was refused makes room for it: the watch need not bring it to anybody else meanwhile. A resend finds that done.
local function claim_makes_room(watch_key, id, now_ms, ttl)
  if tonumber(redis.call('ZSCORE', watch_key, id) or '0') < now_ms + ttl / 2 then
    redis.call('ZADD', watch_key, int(now_ms + ttl), id)
  end
end

-- A delayed machine moves to those in hand. A queued one is among them, and stays where it is whatever becomes of it.
local function claim_places(record_key, record)
  local f = redis.call('HMGET', record_key, 'place', 'created', 'state')
  record.place = place_said(f[1], record.machine, record.version, record.status, f[3])
  record.created, record.state, record.status = f[2], f[3] or '', 'running'
  local place = place_of(record_key, record)
  redis.call('HSET', record_key, 'place', place)
  place_move(record_key, record, place)
end

local function claim_write(record_key, watch_key, id, record, fence, nonce, worker, ends)
  redis.call('HSET', record_key, 'status', 'running', 'fence', int(fence), 'nonce', nonce, 'worker', worker,
    'claims', int(record.claims + 1), 'drives', '0')
  redis.call('ZADD', watch_key, int(ends), id)
  if record.status == 'delayed' then
    claim_places(record_key, record)
  end
end

-- What a worker needs to run the step.
local function claim_reply(record_key, fence, ends, now_ms, claims)
  local f = redis.call('HMGET', record_key, 'state', 'event', 'context', 'run', 'max', 'steps', 'retries', 'drive',
    'rev', 'more', 'data', 'deadline', 'late', 'since', 'traceparent')
  return { 'claimed', int(fence), int(ends), int(now_ms), int(claims), f[1] or '', f[2] or '', f[3] or '', f[4], f[5] or '0',
    f[6], f[7] or '0', f[8] or '0',
    f[9] or '0', f[10] or '', f[11] or '', f[12] or '0', f[13] or '', f[14] or '', f[15] or '' }
end
