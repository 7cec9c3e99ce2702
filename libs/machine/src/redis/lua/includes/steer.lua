-- What all acts of an operator share (O1): they never touch the fence, and raise `rev`, which orders jobs before retries do.
--- @include "includes/ending"

-- Returns the record; or nil and the reply, where there is nothing to act on or the act has been done before.
local function steer_read(K, nonce, now_ms)
  local record, problem = record_read(K.record)
  if not record then
    if problem == 'missing' then
      return nil, { 'missing' }
    end
    return nil, { 'garbage', problem }
  end
  record_more(K.record, record)
  if record.act == nonce then
    if record.status == 'queued' or record.status == 'delayed' then
      return nil, { 'done', record_job(record, now_ms) }
    end
    return nil, { 'done' }
  end
  return record
end

-- Writes the record and what it waits for. A running machine's lease is watched already.
local function steer_write(K, id, record, nonce, now_ms)
  record.act = nonce
  record_write(K.record, record, now_ms)
  if record.status ~= 'running' then
    watch_write(K, id, record, now_ms)
  end
  if record.status == 'queued' or record.status == 'delayed' then
    return { 'done', record_job(record, now_ms) }
  end
  return { 'done' }
end

-- A failed machine lives again.
local function revive(K, id, record)
  redis.call('HDEL', K.record, 'error', 'finished', 'keep')
  redis.call('ZREM', K.retention, id)
  record.deadline = 0 -- it is long past, or will be forgotten: an operator wants it to go on
  record.retries, record.claims = 0, 0
end
