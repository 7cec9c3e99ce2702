-- Which places are meant. Texts from `from` on: number of machines, '0' for all; '<machine>' or '<machine>@<version>' for each; then
-- '<class>|<state>|<group>' …, each part '*' for any, and none of them for all. Returns what tells it of a place.
local function places_wanted(texts, from)
  local names, kinds, count = {}, {}, tonumber(texts[from])
  for i = from + 1, from + count do
    names[texts[i]] = true
  end
  for i = from + count + 1, #texts do
    kinds[#kinds + 1] = { string.match(texts[i], '^([^|]*)|([^|]*)|([^|]*)$') }
  end
  return function(place)
    local machine, version, class, state, group = string.match(place, '^([^|@]*)@(%d+)|([^|]*)|([^|]*)|?(.*)$')
    if not machine or (count > 0 and not names[machine] and not names[machine .. '@' .. version]) then
      return false
    end
    for _, kind in ipairs(kinds) do
      if (kind[1] == '*' or kind[1] == class) and (kind[2] == '*' or kind[2] == state) and (kind[3] == '*' or kind[3] == group) then
        return true
      end
    end
    return #kinds == 0
  end
end
