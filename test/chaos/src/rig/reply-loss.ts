import type { Link, Passing } from './proxy';
import { RespReader, type RespValue } from './resp';
import { hashOf, scriptNames } from './script-names';

/** One reply that was lost. */
export interface LostReply {
  readonly script: string;
  /** Machines that the script was about, as its keys name them. */
  readonly ids: readonly string[];
  /** What the caller would have read. */
  readonly reply: RespValue;
  /** Wall time, ms. */
  readonly at: number;
}

interface Call {
  readonly script: string;
  readonly ids: readonly string[];
}

interface Answered extends Call {
  readonly reply: RespValue;
}

interface Wire {
  readonly requests: RespReader;
  readonly replies: RespReader;
  /** Sent and not answered, oldest first: Redis answers in order. */
  readonly pending: (Call | undefined)[];
}

/** After a cut, calls of scripts that were hit before are let through for so long, ms: what the cut leads to must be seen. */
const QUIET_MS = 120;
/** A script is hit at one of its next calls, at most so many further on. */
const SPREAD = 3;

/**
 * A rule of the proxy: cuts the connection when a script has been run and its reply is about to pass, so often for each script. All
 * that is in the same chunk is lost with it, and counted.
 */
export class ReplyLoss {
  readonly lost: LostReply[] = [];
  /** Calls answered, by script. */
  readonly seen: Record<string, number> = {};
  private readonly names = scriptNames();
  private readonly wires = new WeakMap<Link, Wire>();
  private readonly counts = new Map<string, number>();
  private readonly skips = new Map<string, number>();
  private quietUntil = 0;

  constructor(
    /** Hits of each script, where it is called often enough. */
    private readonly times: number,
    private readonly random: () => number,
  ) {}

  /** How often replies of this script were lost. */
  count(script: string): number {
    return this.counts.get(script) ?? 0;
  }

  readonly rule = ({ direction, chunk, link }: Passing): 'pass' | 'cut' => {
    let wire = this.wires.get(link);
    if (!wire) this.wires.set(link, (wire = { requests: new RespReader(), replies: new RespReader(), pending: [] }));
    if (direction === 'request') {
      for (const { value } of wire.requests.read(chunk)) wire.pending.push(this.callOf(value));
      return 'pass';
    }
    const answered: Answered[] = [];
    for (const { type, value } of wire.replies.read(chunk)) {
      if (type === '>') continue;
      const call = wire.pending.shift();
      // An error was no run: the script was not known, or refused.
      if (call && type !== '-') answered.push({ ...call, reply: value });
    }
    for (const { script } of answered) this.seen[script] = (this.seen[script] ?? 0) + 1;
    const now = Date.now();
    if (!answered.map((call) => this.isDue(call.script, now)).includes(true)) return 'pass';
    this.quietUntil = now + QUIET_MS;
    for (const { script, ids, reply } of answered) {
      this.counts.set(script, this.count(script) + 1);
      this.skips.set(script, Math.floor(this.random() * SPREAD));
      this.lost.push({ script, ids, reply, at: now });
    }
    return 'cut';
  };

  private isDue(script: string, now: number): boolean {
    const count = this.count(script);
    if (count >= this.times || (count > 0 && now < this.quietUntil)) return false;
    const skip = this.skips.get(script) ?? 0;
    this.skips.set(script, skip - 1);
    return skip <= 0;
  }

  private callOf(request: RespValue): Call | undefined {
    if (!Array.isArray(request)) return undefined;
    const [command = '', what = '', numberOfKeys = '0', ...rest] = request as string[];
    const verb = command.toUpperCase();
    if (verb !== 'EVAL' && verb !== 'EVALSHA') return undefined;
    const sha = verb === 'EVAL' ? hashOf(what) : what;
    const keys = rest.slice(0, Number(numberOfKeys));
    const ids = keys.flatMap((key) => /^\{[^}]*\}:[ml]:(.+)$/.exec(key)?.[1] ?? []);
    return { script: this.names.get(sha) ?? `unknown ${sha}`, ids: [...new Set(ids)] };
  }
}
