-- The watch: a sorted set per partition that holds, for each live machine, the time by which something must have happened.
local WATCH_MS = 2000      -- a queued job is looked after this long after it was due
local WATCH_MAX_MS = 60000 -- and ever more rarely, up to this, while it stays in a backlog
