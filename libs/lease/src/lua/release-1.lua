-- Give a lease back.
-- KEYS[1] lease
-- ARGV    steps, retries, fence
-- Returns { 1 } for the live holder with exactly these, else { 0 }
-- A resend answers 0 after a 1: the lease is gone either way.
--- @include "includes/lease"

local key = KEYS[1]
local steps, retries, fence = ARGV[1], ARGV[2], ARGV[3]

local now_ms = math.floor(server_time_us() / 1000)
local lease = lease_read(key)
if not lease_is_held_by(lease, fence, now_ms) or lease.steps ~= steps or lease.retries ~= retries then
  return { 0 }
end

lease_end(key)
return { 1 }
