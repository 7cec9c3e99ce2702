import { createHash } from 'node:crypto';
import { lauxlib, lua, lualib, type LuaFunction, type LuaState } from 'fengari';
import { luaFormat } from './lua-format';
import { displayed, nameOf, pushField, pushText, readText } from './lua-values';

/** What 5.1 has and 5.3 has not, or has otherwise. Lua, run once for each VM. */
const PRELUDE = `
local spread = table.unpack
unpack = function(list, from, to)
  if (to or #list) - (from or 1) >= 7999 then error('too many results to unpack', 2) end
  return spread(list, from, to)
end
table.unpack, table.pack, table.move = nil, nil, nil
table.getn = function(list) return #list end
table.maxn = function(list)
  local max = 0
  for key in pairs(list) do if type(key) == 'number' and key > max then max = key end end
  return max
end
table.foreach = function(list, f) for k, v in pairs(list) do local r = f(k, v) if r ~= nil then return r end end end
table.foreachi = function(list, f) for i, v in ipairs(list) do local r = f(i, v) if r ~= nil then return r end end end
string.gfind = string.gmatch
math.mod = math.fmod
math.tointeger, math.type, math.ult, math.maxinteger, math.mininteger = nil, nil, nil, nil, nil
string.pack, string.unpack, string.packsize = nil, nil, nil
loadstring = load
dofile, loadfile, print, collectgarbage, utf8 = nil, nil, nil, nil, nil
_VERSION = 'Lua 5.1'
local plain, caught = setmetatable, pcall
local function told(ok, reason, ...)
  if not ok and type(reason) == 'table' and type(reason.err) == 'string' then reason = reason.err end
  return ok, reason, ...
end
pcall = function(...) return told(caught(...)) end
plain(_G, {
  __index = function(_, name) error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2) end,
  __newindex = function() error('Attempt to modify a readonly table', 2) end,
})
setmetatable = function(value, metatable)
  if value == _G then error('Attempt to modify a readonly table', 2) end
  return plain(value, metatable)
end
`;

/** The libraries that scripts find: base, table, string and math, as they are in Lua 5.1. */
export function openLibraries(L: LuaState): void {
  const { luaopen_base, luaopen_math, luaopen_string, luaopen_table } = lualib;
  const libraries: Record<string, LuaFunction> = {
    _G: luaopen_base,
    table: luaopen_table,
    string: luaopen_string,
    math: luaopen_math,
  };
  for (const [name, open] of Object.entries(libraries)) {
    lauxlib.luaL_requiref(L, nameOf(name), open, 1);
    lua.lua_pop(L, 1);
  }
  setFunctions(L, 'string', { format });
  setFunctions(L, 'math', MATH);
  setFunctions(L, '_G', { tonumber, tostring });
  const code = Buffer.from(PRELUDE, 'latin1');
  if (lauxlib.luaL_loadbuffer(L, code, code.length, nameOf('@prelude')) !== 0 || lua.lua_pcall(L, 0, 0, 0) !== 0) {
    throw new Error(`the Lua libraries could not be set up: ${readText(L, -1)}`);
  }
}

/** Adds functions to a library, or to the globals. */
export function setFunctions(L: LuaState, library: string, functions: Readonly<Record<string, LuaFunction>>): void {
  lua.lua_pushglobaltable(L);
  if (library !== '_G') {
    lua.lua_pushstring(L, nameOf(library));
    lua.lua_rawget(L, -2);
  }
  for (const [name, fn] of Object.entries(functions)) {
    lua.lua_pushstring(L, nameOf(name));
    lua.lua_pushcfunction(L, fn);
    lua.lua_rawset(L, -3);
  }
  lua.lua_settop(L, library === '_G' ? -2 : -3);
}

/** Raises a Lua error with the place it comes from, as the libraries do. */
export function raise(L: LuaState, message: string): never {
  lauxlib.luaL_where(L, 1);
  const text = readText(L, -1) + message;
  lua.lua_pop(L, 1);
  pushText(L, text);
  return lua.lua_error(L);
}

function format(L: LuaState): number {
  lauxlib.luaL_checkstring(L, 1);
  const template = readText(L, 1);
  let text: string;
  try {
    text = luaFormat(template, {
      number: (index) => lauxlib.luaL_checknumber(L, index + 2),
      text: (index) => {
        if (index + 2 > lua.lua_gettop(L)) throw new Error(`bad argument #${index + 2} to 'format' (no value)`);
        return displayed(L, index + 2);
      },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error; // one of Lua's own
    return raise(L, error.message);
  }
  pushText(L, text);
  return 1;
}

const unary =
  (fn: (x: number) => number): LuaFunction =>
  (L) => {
    lua.lua_pushnumber(L, fn(lauxlib.luaL_checknumber(L, 1)));
    return 1;
  };
const binary =
  (fn: (x: number, y: number) => number): LuaFunction =>
  (L) => {
    lua.lua_pushnumber(L, fn(lauxlib.luaL_checknumber(L, 1), lauxlib.luaL_checknumber(L, 2)));
    return 1;
  };

/** Those that would give 32-bit integers, and those that 5.3 has dropped. */
const MATH: Readonly<Record<string, LuaFunction>> = {
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  abs: unary(Math.abs),
  log10: unary(Math.log10),
  pow: binary(Math.pow),
  fmod: binary((x, y) => x % y),
};

function tostring(L: LuaState): number {
  pushText(L, displayed(L, 1));
  return 1;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** With a base, 5.3 would read 32 bits. */
function tonumber(L: LuaState): number {
  const base = lua.lua_gettop(L) < 2 ? 10 : lauxlib.luaL_checknumber(L, 2);
  if (base === 10) return plainNumber(L);
  lauxlib.luaL_checkstring(L, 1);
  const text = readText(L, 1).trim().toLowerCase().replace(/^-/, '');
  const negative = readText(L, 1).trim().startsWith('-');
  const digits = [...(base === 16 ? text.replace(/^0x/, '') : text)].map((char) => DIGITS.indexOf(char));
  if (digits.length === 0 || digits.some((digit) => digit < 0 || digit >= base)) lua.lua_pushnil(L);
  else {
    const size = digits.reduce((sum, digit) => sum * base + digit, 0);
    lua.lua_pushnumber(L, negative ? -size : size);
  }
  return 1;
}

function plainNumber(L: LuaState): number {
  const type = lua.lua_type(L, 1);
  if (type === lua.LUA_TNUMBER) lua.lua_pushvalue(L, 1);
  else if (type === lua.LUA_TSTRING && isNumeral(readText(L, 1))) lua.lua_pushnumber(L, lua.lua_tonumber(L, 1));
  else lua.lua_pushnil(L);
  return 1;
}

function isNumeral(text: string): boolean {
  return /^\s*[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*$/i.test(text);
}

/** The functions of `redis` that need no command. */
export const REDIS_HELPERS: Readonly<Record<string, LuaFunction>> = {
  error_reply(L) {
    const text = readText(L, 1).replace(/^-/, '');
    pushField(L, 'err', text.includes(' ') ? text : `ERR ${text}`);
    return 1;
  },
  status_reply(L) {
    pushField(L, 'ok', readText(L, 1));
    return 1;
  },
  sha1hex(L) {
    pushText(L, createHash('sha1').update(readText(L, 1), 'latin1').digest('hex'));
    return 1;
  },
  log: () => 0,
};
