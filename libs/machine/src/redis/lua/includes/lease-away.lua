-- A lease that is kept beside its record, given back: its hash goes, and the record is what remembers (L6). Its fence is the last token
-- that was granted, and `server` who granted it: all that the next claim needs (L2, L3). Most machines rest; a hash for each that says
-- only that nobody has it takes a quarter of a kilobyte.
--- @include "includes/lease"

-- For whoever holds the lease under the record's own fence. `lease` as `lease_read` gave it.
local function lease_put_away(K, lease)
  redis.call('DEL', K.lease)
  if lease.server and lease.server ~= redis.call('HGET', K.record, 'server') then
    redis.call('HSET', K.record, 'server', lease.server)
  end
end
