-- Release one step and acquire the next in one go: fence + 1.
-- KEYS[1] lease
-- ARGV    fence, from steps, from retries, to steps, to retries, ttl in ms
-- Returns { 'granted', fence, until } | { 'refused' }
-- A resend finds its own work (fence + 1 at the step it asked for) and answers as it did.
--- @include "includes/lease"

local key = KEYS[1]
local fence, from_steps, from_retries = ARGV[1], ARGV[2], ARGV[3]
local to_steps, to_retries, ttl = ARGV[4], ARGV[5], tonumber(ARGV[6])

local now_ms = math.floor(server_time_us() / 1000)
local lease = lease_read(key)
local next_fence = tonumber(fence) + 1

if lease.advanced and lease.nonce ~= '' and lease.fence == next_fence and lease.steps == to_steps and lease.retries == to_retries then
  return { 'granted', int(lease.fence), int(lease.ends) }
end
if not lease_can_advance(lease, fence, now_ms, server_identity()) or next_fence > MAX_FENCE
  or lease.steps ~= from_steps or lease.retries ~= from_retries then
  return { 'refused' }
end

lease_advance(key, int(next_fence), to_steps, to_retries, int(now_ms + ttl))
return { 'granted', int(next_fence), int(now_ms + ttl) }
