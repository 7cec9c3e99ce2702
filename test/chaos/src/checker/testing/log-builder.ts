import { buildLog, type Entry, type EntryBody, type EntryOf, type Log } from '../../log';

type Body<K extends Entry['kind']> = Extract<EntryBody, { kind: K }>;
type Some<K extends Entry['kind']> = Partial<Omit<Body<K>, 'kind'>>;

const RUN = { correlationId: 'c1', runId: 'r1' } as const;
export const HARNESS = 'harness.1';

/** Writes entries as a harness and its workers would; what a test does not name is filled in. */
export class LogBuilder {
  readonly entries: Entry[] = [];
  private readonly next = new Map<string, number>();

  /** @param at ms @default the number of the entry */
  add<B extends EntryBody>(body: B, source = HARNESS, at = this.entries.length): EntryOf<B['kind']> {
    const seq = this.next.get(source) ?? 0;
    this.next.set(source, seq + 1);
    const entry = { ...body, at: at + skewOf(source), source, seq } as unknown as EntryOf<B['kind']>;
    this.entries.push(entry);
    return entry;
  }

  attempt(some: Some<'attempt'> = {}): EntryOf<'attempt'> {
    const place = {
      ...RUN,
      machine: 'order',
      steps: 0,
      retries: 0,
      fence: 1,
      state: 'a',
      action: 'do',
      worker: 'worker.1',
      ...some,
    };
    const key = `${place.correlationId}/${place.runId}/${place.steps}/${place.state}/${place.action}`;
    return this.add({ kind: 'attempt', key, ...place }, place.worker);
  }

  /** What the sink said to an attempt. */
  effect({ correlationId, runId, key, fence, worker }: EntryOf<'attempt'>, some: Some<'effect'> = {}): EntryOf<'effect'> {
    const said = { sink: 'keyed', accepted: true, repeat: false, order: null } as const;
    return this.add({ kind: 'effect', correlationId, runId, key, fence, ...said, ...some }, worker);
  }

  history(some: Some<'history'> = {}): EntryOf<'history'> {
    const item = { steps: 0, retries: 0, fence: 1, from: 'pseudo_init', event: 'next', to: 'a', outcome: 'committed' } as const;
    const rest = { index: 0, code: null, startedAt: '2026-01-01T00:00:00.000Z', worker: 'w1' };
    return this.add({ kind: 'history', ...RUN, ...item, ...rest, ...some });
  }

  end(some: Some<'end'> = {}): EntryOf<'end'> {
    const view = { machine: 'order', status: 'completed', steps: 0, retries: 0, fence: 1, state: 'a' } as const;
    return this.add({ kind: 'end', ...RUN, ...view, taken: [], code: null, live: false, ...some });
  }

  started(some: Some<'started'> = {}): EntryOf<'started'> {
    return this.add({ kind: 'started', ...RUN, machine: 'order', ...some });
  }

  sent(dedupeId: string, number: number, some: Some<'sent'> = {}, at?: number): EntryOf<'sent'> {
    const event = { correlationId: RUN.correlationId, dedupeId, number, event: 'paid', outcome: 'kept', sender: 's1' } as const;
    return this.add({ kind: 'sent', ...event, ...some }, HARNESS, at);
  }

  /** A run of as many steps, a → b → c → a …, step n under fence n + 1, each with one `do`; completed. */
  run(steps: number, some: Partial<EntryOf<'end'>> = {}): this {
    const { correlationId = RUN.correlationId, runId = RUN.runId } = some;
    const names = { correlationId, runId };
    this.started(names);
    for (let n = 0; n < steps; n++) this.attempt({ ...names, steps: n, fence: n + 1, state: stateOf(n) });
    for (let n = 0; n < steps; n++) {
      const from = n === 0 ? 'pseudo_init' : stateOf(n - 1);
      this.history({ ...names, index: n, steps: n, fence: n + 1, from, to: stateOf(n) });
    }
    this.end({ ...names, steps, fence: steps, state: stateOf(steps - 1), ...some });
    return this;
  }

  log(entries: readonly Entry[] = this.entries): Log {
    return buildLog(entries);
  }
}

/** Workers' clocks are minutes off. */
function skewOf(source: string): number {
  return source === HARNESS ? 0 : (Number(source.split('.')[1]) - 1) * 300_000;
}

export function stateOf(steps: number): string {
  return 'abc'[steps % 3]!;
}

/** The log with one entry changed, or without it. */
export function doctored(entries: readonly Entry[], entry: Entry, change?: Partial<Record<string, unknown>>): Log {
  return buildLog(entries.flatMap((each) => (each !== entry ? [each] : change ? [{ ...each, ...change } as Entry] : [])));
}
