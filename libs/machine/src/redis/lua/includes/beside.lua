-- The lease of a record that is kept beside it.
--- @include "includes/lease"

-- Returns the lease, or nil and what makes it garbage: one bad key must stop its own machine only, never a whole sweep.
local function lease_beside(key)
  local ok, lease = pcall(lease_read, key)
  if not ok then
    return nil, 'the lease is not a hash'
  end
  if not (lease.fence and lease.fence < MAX_FENCE and lease.ends and lease.ends < MAX_FENCE) then
    return nil, 'fence or until of the lease is not a whole number below 2^53'
  end
  return lease
end
