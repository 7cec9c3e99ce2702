-- Machines by their ids, out of the index of a partition's. Writes nothing.
-- KEYS[1] ids
-- ARGV    the first id and the one to end before, as ZRANGEBYLEX takes them, number of machines, number of fields of their records, these
--         fields …
-- Returns { id, text (see includes/summary), id, text, … }; none where somebody has put another type there by hand
--- @include "includes/summary"

local text_of = summaries(KEYS[1], ARGV, 4)
local ids = call_unless_wrong_type('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local found = {}
for _, id in ipairs(ids or {}) do
  found[#found + 1] = id
  found[#found + 1] = text_of(id)
end
return found
