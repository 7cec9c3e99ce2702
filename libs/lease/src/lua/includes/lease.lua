-- One lease: hash { fence, nonce, steps, retries, until, server, advanced }. `nonce` is '' once released; `until` is server
-- ms; `server` is the identity at the last grant; `advanced` is '1' when that grant was an advance, so that an advance never
-- takes another's acquire of the same token and step for a repeat of itself. Functions that only read stand first, so that
-- a script can check everything before it writes anything: Lua has no rollback.
--- @include "includes/server"
--- @include "includes/lease-end"

local MAX_FENCE = 9007199254740991 -- 2^53 - 1: the last integer a JavaScript number holds

local function lease_read(key)
  local f = redis.call('HMGET', key, 'fence', 'nonce', 'steps', 'retries', 'until', 'server', 'advanced')
  return {
    fence = tonumber(f[1] or '0'),
    token = f[1], -- the fence as it is written: cheaper to compare
    nonce = f[2] or '',
    steps = f[3],
    retries = f[4],
    ends = tonumber(f[5] or '0'),
    server = f[6],
    advanced = f[7] == '1',
  }
end

-- Released and never acquired alike: nonce ''.
local function lease_is_live(lease, now_ms)
  return lease.nonce ~= '' and lease.ends > now_ms
end

-- An acquire that was granted, and is sent again because its reply was lost.
local function lease_is_repeat(lease, nonce, steps, retries)
  return lease.nonce == nonce and lease.steps == steps and lease.retries == retries
end

local function lease_is_held_by(lease, fence, now_ms)
  return lease_is_live(lease, now_ms) and lease.token == fence
end

-- L2, L3: above the counter and the floor; above server time in µs as well when this is not the server that granted last.
local function lease_next_fence(lease, floor, identity, now_us, jump)
  local base = math.max(lease.fence, floor)
  if jump or (lease.server and lease.server ~= identity) then
    base = math.max(base, now_us)
  end
  if base >= MAX_FENCE then
    return nil
  end
  return base + 1
end

-- L4: not after expiry, and not on another server than the one that granted.
local function lease_can_advance(lease, fence, now_ms, identity)
  return lease_is_held_by(lease, fence, now_ms) and lease.server == identity
end

-- Both take text: formatting a number costs as much as writing two fields.
local function lease_grant(key, fence, nonce, steps, retries, ends, identity)
  redis.call('HSET', key, 'fence', fence, 'nonce', nonce, 'steps', steps, 'retries', retries, 'until', ends,
    'server', identity, 'advanced', '')
end

local function lease_advance(key, fence, steps, retries, ends)
  redis.call('HSET', key, 'fence', fence, 'steps', steps, 'retries', retries, 'until', ends, 'advanced', '1')
end
