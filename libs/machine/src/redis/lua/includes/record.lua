-- The machine record: a hash. Everything but the fields read here is opaque to scripts; JSON is moved as it is, never decoded.
--   machine version queue run tags start      set once by start (`start` is the digest of its payload)
--   status state event context error          where the machine is
--   steps retries                             what comes next, and how often it has failed
--   fence nonce worker                        who may write: the last claim's, and rule K1
--                                             of a machine that waits or is over, absent: nobody may write
--   committed failed                          fence of the last commit and of the last fail: recognise their repeats
--   drive drives                              generation of the job's id (J1); re-drives since the last claim, for back-off
--   claims                                    claims of this (steps, retries) that have not ended in a word of their own (C4)
--   due created updated finished since max    server ms; `since`: the attempt that entered the state began then; `max` is the number of
--                                             retries allowed
--   history trimmed                           see includes/history
--   rev act                                   raised by each operator's act (O1); nonce of the last act
--   seat flipped                              two lease stores (S1): where the lease lives, when it moved
--   traceparent                               '<steps> <traceparent>' of whoever caused the next attempt at that step: its starter, the
--                                             sender of its event, the attempt that failed; absent where nobody traces
--   server                                    identity at the start; of the last grant, once its lease is put away (see includes/lease-away);
--                                             with a lease store apart, at the last begin (L3, S1)
--- @include "includes/server"
--- @include "includes/watch"

-- Of these `retries`, `drive`, `drives`, `claims`, `due` and `rev` are 0 where they are absent.
local STATUSES = { queued = true, running = true, waiting = true, delayed = true, paused = true,
  completed = true, failed = true, cancelled = true }

-- Below 2^53 - 1: what comes after it must be a whole number too.
local function is_whole(text)
  return text and string.match(text, '^%d+$') ~= nil and tonumber(text) < 9007199254740991
end

-- Returns the record, or nil and why: 'missing', or what makes it garbage.
local function record_read(key)
  local f = redis.pcall('HMGET', key, 'status', 'steps', 'retries', 'fence', 'nonce', 'committed', 'failed', 'drive',
    'claims', 'due', 'machine', 'version', 'queue', 'run', 'drives', 'rev', 'more')
  if f.err then
    return nil, 'the record is not a hash'
  end
  if not f[1] and not f[2] and not f[11] then
    if redis.call('EXISTS', key) == 0 then
      return nil, 'missing'
    end
    return nil, 'the record has no status, no steps and no machine'
  end
  if not STATUSES[f[1]] then
    return nil, 'status is not one of the known ones'
  end
  for _, i in ipairs({ 3, 8, 9, 10, 15, 16 }) do
    f[i] = f[i] or '0'
  end
  if not (is_whole(f[2]) and is_whole(f[3]) and is_whole(f[4]) and is_whole(f[8]) and is_whole(f[9]) and is_whole(f[10])
    and is_whole(f[15]) and is_whole(f[16])) then
    return nil, 'steps, retries, fence, drive, claims, due, drives or rev is not a whole number below 2^53'
  end
  if not (f[11] and is_whole(f[12]) and f[13] and f[14]) then
    return nil, 'machine, version, queue or run is missing'
  end
  return {
    status = f[1], steps = tonumber(f[2]), retries = tonumber(f[3]), fence = tonumber(f[4]), nonce = f[5] or '',
    committed = f[6], failed = f[7], drive = tonumber(f[8]), claims = tonumber(f[9]), due = tonumber(f[10]),
    machine = f[11], version = f[12], queue = f[13], run = f[14], drives = tonumber(f[15]),
    rev = tonumber(f[16]), more = f[17] == '1',
  }
end

-- Whether it waits for a job, or for the worker that runs it.
local function record_is_driven(record)
  return record.status == 'queued' or record.status == 'running' or record.status == 'delayed'
end

-- K1: a writer of the record's run needs the record's fence and nonce, or a greater fence (a separate lease store has advanced), at the same step.
local function record_is_ours(record, fence, nonce, steps)
  return record.status == 'running' and record.steps == steps
    and (fence > record.fence or (fence == record.fence and record.nonce == nonce))
end

-- Whether another server granted the claim than the one that answers: what was committed since, under greater tokens, may be lost.
-- `lease` where it is kept beside the record.
local function record_has_moved(key, lease)
  local granted = lease and lease.server or redis.call('HGET', key, 'server')
  return granted and granted ~= server_identity()
end

-- The job that the record waits for, as the reply's tail.
local function record_job(record, now_ms)
  return int(record.steps), int(record.retries), int(record.drive), record.machine, record.version, record.queue,
    int(math.max(0, record.due - now_ms)), int(record.rev)
end

