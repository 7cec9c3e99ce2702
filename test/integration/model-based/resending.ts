import { join } from 'node:path';
import { leaseScriptFolder, loadScripts, type Script } from '@stile/lease';
import type { Redis } from 'ioredis';
import { Disagreement } from './disagreement';
import type { Snapshot } from './snapshot';

const folder = join(__dirname, '..', '..', '..', 'libs', 'machine', 'src', 'redis', 'lua');
export const SCRIPTS: ReadonlyMap<string, Script> = new Map(
  [...loadScripts(leaseScriptFolder).values(), ...loadScripts(folder, [leaseScriptFolder]).values()].map((script) => [
    script.sha,
    script,
  ]),
);

/** Do it once more, each time harmlessly: see the scripts' own headers. */
const WRITE_AGAIN = ['note', 'renew', 'extend'];

/** Say what they have done once only: their repeat is told that it has been done, which has just been seen. */
const TELL_ONCE = ['deliver', 'sweep', 'wake', 'stop'];

/** Changes the lines of scripts: how a test sees what becomes of them without a guard. */
export type Doctor = (lua: string) => string;

/** A client whose scripts can be sent twice, as by a client whose first reply was lost; the repeat must change nothing. */
export class Resending {
  twice = false;
  readonly redis: Redis;
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly target: Redis,
    private readonly dump: () => Promise<Snapshot>,
    private readonly doctor: Doctor = (lua) => lua,
  ) {
    this.redis = new Proxy(target, {
      get: (redis, property) => {
        if (property === 'evalsha') return (sha: string, count: number, ...rest: string[]) => this.send(sha, count, rest);
        const value: unknown = Reflect.get(redis, property, redis);
        return typeof value === 'function' ? (value.bind(redis) as unknown) : value;
      },
    });
  }

  private textOf({ sha, lua }: Script): string {
    const text = this.texts.get(sha) ?? this.doctor(lua);
    this.texts.set(sha, text);
    return text;
  }

  private async send(sha: string, count: number, rest: string[]): Promise<unknown> {
    const script = SCRIPTS.get(sha);
    if (!script) throw new Error(`no script has the hash ${sha}`);
    const lua = this.textOf(script);
    const own = lua === script.lua;
    const once = () => (own ? this.target.evalsha(sha, count, ...rest) : this.target.eval(lua, count, ...rest));
    if (!this.twice) return once();
    const first = await once();
    const after = await this.dump();
    const second = await once();
    const then = await this.dump();
    if (!WRITE_AGAIN.includes(script.name) && !then.equals(after)) {
      throw new Disagreement(`what ${script.name} leaves when it is sent again`, then.sorted(), after.sorted());
    }
    return TELL_ONCE.includes(script.name) ? first : second;
  }
}
