import { Commands, type ServerFacts } from './commands';
import { Database } from './database';
import { LuaVm } from './lua-vm';
import { integer } from './numbers';
import { OK, RedisError, type Reply } from './reply';

export interface MemoryServerOptions {
  /** Server time in ms since the epoch, fractions allowed. @default the system's */
  readonly now?: () => number;
  /** 0 … 1, for SPOP and SRANDMEMBER. @default Math.random */
  readonly random?: () => number;
}

/** A Redis server in this process: data, scripts, and an identity that a failover changes. Commands run at once, one by one. */
export class MemoryServer {
  private readonly facts: ServerFacts = { replicationId: replicationId(1) };
  private readonly commands: Commands;
  private readonly vm: LuaVm;
  private incarnations = 1;

  constructor({ now = () => Date.now(), random = Math.random }: MemoryServerOptions = {}) {
    this.commands = new Commands(new Database(now, random), this.facts);
    this.vm = new LuaVm(this.commands);
  }

  /** Another server takes over: it has the data, another identity (`master_replid`), and knows no script. */
  failover(): void {
    this.facts.replicationId = replicationId(++this.incarnations);
    this.vm.flush();
  }

  /**
   * @param args byte strings, see `bytes.ts`
   * @throws RedisError
   */
  run(name: string, args: readonly string[]): Reply {
    switch (name.toLowerCase()) {
      case 'eval':
        return this.script(this.vm.load(args[0] ?? ''), args);
      case 'evalsha':
        return this.script((args[0] ?? '').toLowerCase(), args);
      case 'script':
        return this.manage(args);
      default:
        return this.commands.run(name, args);
    }
  }

  private script(sha: string, [, count = '', ...rest]: readonly string[]): Reply {
    const keys = integer(count);
    if (keys < 0) throw new RedisError("ERR Number of keys can't be negative");
    if (keys > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
    return this.vm.run(sha, rest.slice(0, keys), rest.slice(keys));
  }

  private manage([word = '', ...args]: readonly string[]): Reply {
    switch (word.toLowerCase()) {
      case 'load':
        return this.vm.load(args[0] ?? '');
      case 'exists':
        return args.map((sha) => (this.vm.has(sha.toLowerCase()) ? 1 : 0));
      case 'flush':
        this.vm.flush();
        return OK;
      default:
        throw new RedisError(`ERR unknown subcommand '${word}' of SCRIPT: the Redis of the test kit has LOAD, EXISTS and FLUSH`);
    }
  }
}

function replicationId(incarnation: number): string {
  return incarnation.toString(16).padStart(16, '0').padEnd(40, '0'); // who asks for less than all of it sees the difference, too
}
