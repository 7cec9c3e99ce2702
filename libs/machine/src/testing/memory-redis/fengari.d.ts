/** The part of fengari (Lua's own C API, in JavaScript) that the test kit uses. It ships no types. */
declare module 'fengari' {
  /** A Lua thread. */
  export interface LuaState {
    readonly __luaState: unique symbol;
  }
  export type LuaFunction = (L: LuaState) => number;

  export const lua: {
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_TNIL: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_createtable(L: LuaState, narr: number, nrec: number): void;
    lua_error(L: LuaState): never;
    lua_gettop(L: LuaState): number;
    lua_pcall(L: LuaState, nargs: number, nresults: number, msgh: number): number;
    lua_pop(L: LuaState, n: number): void;
    lua_pushboolean(L: LuaState, value: number): void;
    lua_pushcfunction(L: LuaState, fn: LuaFunction): void;
    lua_pushglobaltable(L: LuaState): void;
    lua_pushnil(L: LuaState): void;
    lua_pushnumber(L: LuaState, n: number): void;
    lua_pushstring(L: LuaState, s: Uint8Array): Uint8Array;
    lua_pushvalue(L: LuaState, index: number): void;
    lua_rawget(L: LuaState, index: number): number;
    lua_rawgeti(L: LuaState, index: number, n: number): number;
    lua_rawset(L: LuaState, index: number): void;
    lua_rawseti(L: LuaState, index: number, n: number): void;
    lua_settop(L: LuaState, index: number): void;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tonumber(L: LuaState, index: number): number;
    lua_tostring(L: LuaState, index: number): Uint8Array | null;
    lua_type(L: LuaState, index: number): number;
  };
  export const lauxlib: {
    luaL_checknumber(L: LuaState, arg: number): number;
    luaL_checkstring(L: LuaState, arg: number): Uint8Array;
    luaL_loadbuffer(L: LuaState, buffer: Uint8Array, size: number, name: Uint8Array): number;
    luaL_newstate(): LuaState;
    luaL_ref(L: LuaState, table: number): number;
    luaL_requiref(L: LuaState, name: Uint8Array, open: LuaFunction, global: number): void;
    luaL_tolstring(L: LuaState, index: number): Uint8Array;
    luaL_where(L: LuaState, level: number): void;
  };
  export const lualib: {
    luaopen_base: LuaFunction;
    luaopen_math: LuaFunction;
    luaopen_string: LuaFunction;
    luaopen_table: LuaFunction;
  };
}

declare module 'fengari/src/lobject.js' {
  interface TaggedValue {
    value: unknown;
    ttisinteger(): boolean;
    setfltvalue(value: number): void;
    setsvalue(text: unknown): void;
  }
  /** Called by the whole VM through this very object, so that what is put here counts. */
  const lobject: {
    /** Reads a numeral; 0: it is none. */
    luaO_str2num(text: Uint8Array, into: TaggedValue): number;
    /** Turns a number into its text, in place. */
    luaO_tostring(L: unknown, number: TaggedValue): void;
  };
  export default lobject;
}

declare module 'fengari/src/lstring.js' {
  const lstring: { luaS_bless(L: unknown, bytes: Uint8Array): unknown };
  export default lstring;
}
