import { createHash } from 'node:crypto';
import { lauxlib, lua, type LuaState } from 'fengari';
import type { Commands } from './commands';
import { openLibraries, REDIS_HELPERS, setFunctions } from './lua-library';
import { withDoubles } from './lua-numbers';
import { nameOf, popReply, pushField, pushReply, readArguments, readField, readText, setText } from './lua-values';
import { ArityError, RedisError, type Reply } from './reply';

const CHUNK = '@user_script';

export function shaOf(source: string): string {
  return createHash('sha1').update(source, 'latin1').digest('hex');
}

/** Runs Lua scripts as Redis does, each compiled once. */
export class LuaVm {
  private readonly L: LuaState = lauxlib.luaL_newstate();
  /** By hash: reference of the compiled function. */
  private readonly compiled = new Map<string, number>();
  /** A fault of ours inside a command: not for scripts to catch. */
  private fault?: unknown;

  constructor(private readonly commands: Commands) {
    withDoubles(() => {
      lua.lua_pushglobaltable(this.L);
      lua.lua_pushstring(this.L, nameOf('redis'));
      lua.lua_createtable(this.L, 0, 8);
      lua.lua_rawset(this.L, -3);
      lua.lua_pop(this.L, 1);
      setFunctions(this.L, 'redis', {
        ...REDIS_HELPERS,
        call: (L) => this.command(L, true),
        pcall: (L) => this.command(L, false),
      });
      openLibraries(this.L);
    });
  }

  /** Compiles a script, if it is not known. @returns its hash @throws RedisError where it is not Lua */
  load(source: string): string {
    const sha = shaOf(source);
    if (this.compiled.has(sha)) return sha;
    const code = Buffer.from(source, 'latin1');
    withDoubles(() => {
      if (lauxlib.luaL_loadbuffer(this.L, code, code.length, nameOf(CHUNK)) !== 0) {
        const message = readText(this.L, -1);
        lua.lua_pop(this.L, 1);
        throw new RedisError(`ERR Error compiling script (new function): ${message}`);
      }
      this.compiled.set(sha, lauxlib.luaL_ref(this.L, lua.LUA_REGISTRYINDEX));
    });
    return sha;
  }

  has(sha: string): boolean {
    return this.compiled.has(sha);
  }

  /** Forgets all scripts, as SCRIPT FLUSH and a new primary do. */
  flush(): void {
    this.compiled.clear();
  }

  /** @throws RedisError what the script raised or answered, or NOSCRIPT */
  run(sha: string, keys: readonly string[], args: readonly string[]): Reply {
    const reference = this.compiled.get(sha);
    if (reference === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.');
    const { L } = this;
    return withDoubles(() => {
      lua.lua_settop(L, 0);
      this.setGlobal('KEYS', keys);
      this.setGlobal('ARGV', args);
      lua.lua_pushcfunction(L, addLine);
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, reference);
      this.fault = undefined;
      const failed = lua.lua_pcall(L, 0, 1, 1) !== 0;
      if (this.fault !== undefined) throw this.fault as Error;
      if (failed) throw this.raised(sha);
      const reply = popReply(L);
      if (reply instanceof RedisError) throw reply;
      return reply;
    });
  }

  private setGlobal(name: string, values: readonly string[]): void {
    lua.lua_pushglobaltable(this.L);
    lua.lua_pushstring(this.L, nameOf(name));
    pushReply(this.L, values);
    lua.lua_rawset(this.L, -3);
    lua.lua_pop(this.L, 1);
  }

  /** The error on top of the stack, worded as Redis words it. */
  private raised(sha: string): RedisError {
    const table = lua.lua_type(this.L, -1) === lua.LUA_TTABLE;
    const message = table ? (readField(this.L, 'err') ?? 'ERR unknown error') : `ERR ${readText(this.L, -1)}`;
    const line = (table ? readField(this.L, 'line') : undefined) ?? /user_script:(\d+):/.exec(message)?.[1];
    lua.lua_pop(this.L, 1);
    return new RedisError(line === undefined ? message : `${message} script: ${sha}, on ${CHUNK}:${line}.`);
  }

  private command(L: LuaState, raises: boolean): number {
    try {
      pushReply(L, this.answer(L));
      return 1;
    } catch (error) {
      if (!(error instanceof RedisError)) this.fault = error;
      pushField(L, 'err', messageOf(error));
    }
    return raises ? lua.lua_error(L) : 1;
  }

  private answer(L: LuaState): Reply {
    const [name, ...args] = readArguments(L) ?? [];
    if (name !== undefined) return this.commands.run(name, args);
    const what = lua.lua_gettop(L) === 0 ? 'Please specify at least one argument for this redis lib call' : ARGUMENTS;
    throw new RedisError(`ERR ${what}`);
  }
}

const ARGUMENTS = 'Lua redis lib command arguments must be strings or integers';

function messageOf(error: unknown): string {
  if (error instanceof ArityError) return 'ERR Wrong number of args calling Redis command from script';
  return error instanceof Error ? error.message : String(error);
}

/** Message handler: an error that is a table is told the line it comes from; a text says it itself. */
function addLine(L: LuaState): number {
  if (lua.lua_type(L, 1) !== lua.LUA_TTABLE) return 1;
  for (const level of [1, 2]) {
    lauxlib.luaL_where(L, level);
    const line = /:(\d+):/.exec(readText(L, -1))?.[1];
    lua.lua_pop(L, 1);
    if (line === undefined) continue;
    setText(L, 'line', line);
    break;
  }
  return 1;
}
