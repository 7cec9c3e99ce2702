import { lauxlib, lua, type LuaState } from 'fengari';
import { general } from './numbers';
import { OK, RedisError, Status, type Reply } from './reply';

const NAMES = new Map<string, Uint8Array>();

/** Bytes of a name that is used again and again. */
export function nameOf(text: string): Uint8Array {
  let bytes = NAMES.get(text);
  if (!bytes) NAMES.set(text, (bytes = Uint8Array.from(Buffer.from(text, 'latin1'))));
  return bytes;
}

export function pushText(L: LuaState, text: string): void {
  lua.lua_pushstring(L, Buffer.from(text, 'latin1'));
}

/** What `tostring` makes of the value at an index; numbers as Lua 5.1 writes them. */
export function displayed(L: LuaState, index: number): string {
  if (lua.lua_type(L, index) === lua.LUA_TNUMBER) return general(lua.lua_tonumber(L, index), 14);
  lauxlib.luaL_tolstring(L, index);
  const text = readText(L, -1);
  lua.lua_pop(L, 1);
  return text;
}

/** Empty when the value is neither text nor number. */
export function readText(L: LuaState, index: number): string {
  const bytes = lua.lua_tostring(L, index);
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') : '';
}

/** A reply as Lua sees it: nil becomes false, a status or an error a table with one field. */
export function pushReply(L: LuaState, reply: Reply): void {
  if (reply instanceof RedisError) pushField(L, 'err', reply.message);
  else if (reply === null) lua.lua_pushboolean(L, 0);
  else if (typeof reply === 'string') pushText(L, reply);
  else if (typeof reply === 'number') lua.lua_pushnumber(L, reply);
  else if (reply instanceof Status) pushField(L, 'ok', reply.text);
  else {
    lua.lua_createtable(L, reply.length, 0);
    reply.forEach((item, i) => {
      pushReply(L, item);
      lua.lua_rawseti(L, -2, i + 1);
    });
  }
}

/** A table with one field, such as `{ err = … }`. */
export function pushField(L: LuaState, name: string, text: string): void {
  lua.lua_createtable(L, 0, 1);
  setText(L, name, text);
}

/** Sets a field of the table on top of the stack. */
export function setText(L: LuaState, name: string, text: string): void {
  lua.lua_pushstring(L, nameOf(name));
  pushText(L, text);
  lua.lua_rawset(L, -3);
}

/**
 * Takes what a script returned from the stack: numbers lose their fraction, true is 1, false and nil are nil, a table with `err`
 * is an error, a list ends at its first nil.
 */
export function popReply(L: LuaState): Reply {
  const reply = readReply(L);
  lua.lua_pop(L, 1);
  return reply;
}

function readReply(L: LuaState): Reply {
  switch (lua.lua_type(L, -1)) {
    case lua.LUA_TSTRING:
      return readText(L, -1);
    case lua.LUA_TNUMBER:
      return whole(lua.lua_tonumber(L, -1));
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, -1) ? 1 : null;
    case lua.LUA_TTABLE:
      return readTable(L);
    default:
      return null;
  }
}

/** A C cast to 64 bits: what does not fit becomes the least of all. */
function whole(value: number): number {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) + 0 : -(2 ** 63); // + 0: no -0
}

function readTable(L: LuaState): Reply {
  const error = readField(L, 'err');
  if (error !== undefined) return new RedisError(error);
  const ok = readField(L, 'ok');
  if (ok !== undefined) return ok === 'OK' ? OK : new Status(ok);
  const items: Reply[] = [];
  for (let i = 1; ; i++) {
    lua.lua_rawgeti(L, -1, i);
    if (lua.lua_type(L, -1) === lua.LUA_TNIL) break;
    items.push(popReply(L));
  }
  lua.lua_pop(L, 1); // the nil
  return items;
}

/** A text field of the table on top of the stack; undefined when it is no text. */
export function readField(L: LuaState, name: string): string | undefined {
  lua.lua_pushstring(L, nameOf(name));
  lua.lua_rawget(L, -2);
  const text = lua.lua_type(L, -1) === lua.LUA_TSTRING ? readText(L, -1) : undefined;
  lua.lua_pop(L, 1);
  return text;
}

/** Arguments of `redis.call`; undefined when one of them is neither text nor number. */
export function readArguments(L: LuaState): string[] | undefined {
  const args: string[] = [];
  for (let i = 1; i <= lua.lua_gettop(L); i++) {
    const type = lua.lua_type(L, i);
    if (type === lua.LUA_TSTRING) args.push(readText(L, i));
    else if (type === lua.LUA_TNUMBER) args.push(general(lua.lua_tonumber(L, i), 17));
    else return undefined;
  }
  return args;
}
