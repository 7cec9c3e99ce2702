-- Which places are meant: texts that are a place, or what places begin with where they end in '@' or '|', or are empty.
local function place_is_wanted(place, texts, from)
  for i = from, #texts do
    local text = texts[i]
    if place == text then
      return true
    end
    local ends = string.sub(text, -1)
    if (ends == '@' or ends == '|' or text == '') and string.sub(place, 1, #text) == text then
      return true
    end
  end
  return false
end
