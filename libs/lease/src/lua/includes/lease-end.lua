-- The counter stays: it goes only when what it protects goes (L6).
local function lease_end(key)
  redis.call('HSET', key, 'nonce', '', 'until', '0')
end
