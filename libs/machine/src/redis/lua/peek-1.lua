-- Look at a record before its lease is acquired in another store (S1).
-- KEYS[1] record
-- ARGV    steps, retries, machine, version, rev
-- Returns { 'free', fence, seat, this server's identity, identity at the last begin or '' } | a refusal (see claim_refusal)
--- @include "includes/claim"

local record_key = KEYS[1]
local job = { steps = tonumber(ARGV[1]), retries = tonumber(ARGV[2]), machine = ARGV[3], version = ARGV[4],
  rev = tonumber(ARGV[5]) or 0 }

local now_ms = math.floor(server_time_us() / 1000)
local record, problem = record_read(record_key)
local refusal = claim_refusal(record, problem, job, now_ms)
if refusal then
  return refusal
end
local f = redis.call('HMGET', record_key, 'seat', 'server')
return { 'free', int(record.fence), f[1] or 'primary', server_identity(), f[2] or '' }
