import { Redis, type Command } from 'ioredis';
import { toBytes, toText } from './bytes';
import { MemoryServer, type MemoryServerOptions } from './memory-server';
import { RedisError, Status, type Reply } from './reply';

interface Transaction {
  readonly queued: Command[];
}

/**
 * An ioredis client whose server is in this process: the same scripts, the same commands, the same replies, no network. Replies
 * come in the order in which commands were sent, and no sooner than the next turn of the promise queue.
 *
 * Pipelines and what ioredis makes of arguments and replies are its own. There is no pub/sub, no stream, no blocking command and no
 * `defineCommand`; a command that is not there is refused by name.
 */
export class MemoryRedis extends Redis {
  readonly server: MemoryServer;
  private transaction?: Transaction;

  /** @param server to share one between clients. @default a server of its own */
  constructor(server: MemoryServer | MemoryServerOptions = {}) {
    super({ lazyConnect: true, enableReadyCheck: false });
    this.server = server instanceof MemoryServer ? server : new MemoryServer(server);
    this.status = 'ready';
  }

  override async connect(): Promise<void> {
    this.status = 'ready';
  }

  override disconnect(): void {
    this.status = 'end';
  }

  override duplicate: Redis['duplicate'] = () => new MemoryRedis(this.server) as unknown as ReturnType<Redis['duplicate']>;

  override sendCommand(command: Command): unknown {
    if (this.status === 'end') command.reject(new Error('Connection is closed.'));
    else this.dispatch(command);
    return command.promise;
  }

  private dispatch(command: Command): void {
    try {
      command.resolve(this.answer(command));
    } catch (error) {
      command.reject(error as Error);
    }
  }

  private answer(command: Command): unknown {
    const { transaction } = this;
    switch (command.name.toLowerCase()) {
      case 'multi':
        this.transaction = { queued: [] };
        return 'OK';
      case 'discard':
        this.transaction = undefined;
        return 'OK';
      case 'exec':
        if (!transaction) throw new RedisError('ERR EXEC without MULTI');
        this.transaction = undefined;
        return transaction.queued.map((queued) => this.attempt(queued));
      case 'quit':
        this.disconnect();
        return 'OK';
    }
    if (!transaction) return this.run(command);
    transaction.queued.push(command);
    return 'QUEUED';
  }

  private attempt(command: Command): unknown {
    try {
      return this.run(command);
    } catch (error) {
      return error;
    }
  }

  private run(command: Command): unknown {
    const args = command.args.map((arg) => toBytes(arg as string | Buffer));
    const binary = (command as unknown as { replyEncoding: BufferEncoding | null }).replyEncoding === null;
    return decoded(this.server.run(command.name, args), binary);
  }
}

function decoded(reply: Reply, binary: boolean): unknown {
  if (reply === null || typeof reply === 'number' || reply instanceof RedisError) return reply;
  const text = reply instanceof Status ? reply.text : reply;
  if (typeof text === 'string') return binary ? Buffer.from(text, 'latin1') : toText(text);
  return text.map((item) => decoded(item, binary));
}
