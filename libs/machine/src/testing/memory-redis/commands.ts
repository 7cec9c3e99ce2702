import { between, exactly, type Command } from './command';
import type { Database } from './database';
import { hashes } from './hashes';
import { keys } from './keys';
import { lists } from './lists';
import { ArityError, OK, RedisError, Status, type Reply } from './reply';
import { sets } from './sets';
import { sortedSets } from './sorted-sets';
import { strings } from './strings';

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ ...strings, ...keys, ...hashes, ...lists, ...sets, ...sortedSets }),
);

const server: Record<string, Command> = {
  PING: { min: 0, max: 1, run: (_db, [message]) => message ?? new Status('PONG') },
  ECHO: exactly(1, (_db, message) => message),
  TIME: exactly(0, (db) => {
    const micros = Math.round(db.now() * 1000);
    return [String(Math.floor(micros / 1_000_000)), String(micros % 1_000_000)];
  }),
  DBSIZE: exactly(0, (db) => db.keys().length),
  FLUSHALL: between(0, 1, flush),
  FLUSHDB: between(0, 1, flush),
};

function flush(db: Database): Reply {
  db.clear();
  return OK;
}

/** What the server says of itself (INFO), as far as somebody asks. */
export interface ServerFacts {
  /** 40 hexadecimal digits; a failover changes it. */
  replicationId: string;
}

/** Runs commands by name. */
export class Commands {
  private readonly commands: ReadonlyMap<string, Command>;

  constructor(
    private readonly db: Database,
    facts: ServerFacts,
  ) {
    const INFO = between(0, 1, (_db, section) => info(facts, section.toLowerCase()));
    this.commands = new Map([...COMMANDS, ...Object.entries({ ...server, INFO })]);
  }

  /**
   * @param name in any case
   * @throws RedisError as Redis would answer, or naming a command that is not here
   */
  run(name: string, args: readonly string[]): Reply {
    const command = this.commands.get(name) ?? this.commands.get(name.toUpperCase());
    if (!command) {
      throw new RedisError(`ERR unknown command '${name}': the Redis of the test kit does not have it`);
    }
    if (args.length < command.min || args.length > command.max) throw new ArityError(name);
    return command.run(this.db, args);
  }
}

function info({ replicationId }: ServerFacts, section: string): string {
  const sections: Record<string, readonly string[]> = {
    server: ['# Server', 'redis_version:7.0.15', 'redis_mode:standalone'],
    memory: ['# Memory', 'maxmemory:0', 'maxmemory_policy:noeviction'],
    replication: ['# Replication', 'role:master', 'connected_slaves:0', `master_replid:${replicationId}`, 'master_repl_offset:0'],
  };
  const wanted = sections[section];
  return `${(wanted ? [wanted] : Object.values(sections)).map((lines) => lines.join('\r\n')).join('\r\n\r\n')}\r\n`;
}
