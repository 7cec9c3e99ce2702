import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';
import type { Timing } from '../core/timings';
import type { EngineLog, LogOptions } from './options';
import { StepWatch } from './step-watch';
import type { Fate, Tracer } from './tracing';

const claim: Claim = {
  ...{ correlationId: 'order-7', runId: 'run', machine: 'order', version: 2, queue: 'q', nonce: 'n', claims: 1, more: false },
  ...{ steps: 4, retries: 1, maxRetries: 5, fence: 9, sentAt: 0, now: 5000, since: 2000, state: 'reserve', event: 'reserved' },
  ...{ context: '{"card":"4111"}', data: '"secret"' },
  job: { correlationId: 'order-7', steps: 4, rev: 0, retries: 1, drive: 0, machine: 'order', version: 2, queue: 'q' },
};
const item: HistoryItem = {
  ...{ steps: 4, retries: 1, fence: 9, from: 'reserve', event: 'reserved', to: 'charge', outcome: 'failed', worker: 'w' },
  ...{ startedAt: '2024-01-01T00:00:00.000Z', durationMs: 12, error: { code: 'DECLINED', message: 'card 4111 is declined' } },
};

function stage({ logs = {}, structured = true }: { logs?: Partial<LogOptions>; structured?: boolean } = {}) {
  const noted: unknown[] = [];
  const lines: unknown[] = [];
  const spans: Fate[] = [];
  const timings = { of: () => ({ note: (timing: Timing, ms: number, state = '') => void noted.push([timing, ms, state]) }) };
  const write = (message: string): void => void lines.push(message);
  const log: EngineLog = {
    ...{ debug: write, log: write, warn: write, error: write },
    ...(structured ? { entry: (_level, message, fields) => void lines.push({ message, ...fields }) } : {}),
  };
  const tracer: Tracer = {
    ofRun: () => undefined,
    active: () => undefined,
    begin: () => ({ traceparent: 'tp', within: (run) => run(), end: (fate) => void spans.push(fate) }),
  };
  const parts = { timings, log, tracer, worker: 'w', logs: { steps: true, data: false, ...logs } };
  const watch = new StepWatch(parts, claim);
  watch.begin(claim);
  return { watch, noted, lines, spans };
}

describe('StepWatch', () => {
  it('times a committed step, and how long the state it leaves has lasted', () => {
    const { watch, noted, spans } = stage();
    watch.answered(3);
    watch.committed(item, false);
    expect(noted).toEqual([
      ['commit', 3, ''],
      ['step', 12, 'charge'],
      ['dwell', 3000, 'reserve'],
    ]);
    expect(spans).toEqual(['committed']);
  });

  it('times no dwell of a state that was not left', () => {
    const { watch, noted } = stage();
    watch.committed(item, true);
    expect(noted).toEqual([['step', 12, 'charge']]);
  });

  it('tells how an attempt ended once', () => {
    const { watch, lines, spans } = stage();
    watch.end('retry', item);
    watch.end('released');
    expect(spans).toEqual(['retry']);
    expect(lines).toHaveLength(1);
  });

  it('logs ids and names, and no user data: not what the error says either', () => {
    const { watch, lines } = stage();
    watch.end('retry', item);
    expect(lines).toEqual([
      {
        ...{ message: 'step', correlationId: 'order-7', runId: 'run', machine: 'order', version: 2, steps: 4, retries: 1 },
        ...{ fence: 9, from: 'reserve', event: 'reserved', to: 'charge', outcome: 'retry', durationMs: 12, worker: 'w' },
        error: 'DECLINED',
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/4111|secret/);
  });

  it('logs user data where that is asked for, also as text', () => {
    const { watch, lines } = stage({ logs: { data: true }, structured: false });
    watch.end('failed', item);
    const [line] = lines as [string];
    expect(line).toMatch(/^step \{"correlationId":"order-7","runId":"run",/);
    expect(line).toContain('"context":"{\\"card\\":\\"4111\\"}","data":"\\"secret\\""');
  });

  it('says nothing where nobody wants to read it', () => {
    const { watch, lines } = stage({ logs: { steps: false, data: true } });
    watch.end('failed', item);
    expect(lines).toEqual([]);
  });
});
