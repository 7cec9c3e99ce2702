import { StoreUnavailableError, type Machines } from '@stile/machine';
import type { EventStream } from './event-stream';
import { HistoryStream } from './history-stream';

interface Told {
  readonly event: string;
  readonly data: Record<string, unknown>;
  readonly id?: number;
}

/** A machine whose history grows, of which the oldest items may be gone, and a client that may be slow. */
class Stage {
  status = 'queued';
  total = 0;
  keptFrom = 1;
  away = false;
  reads = 0;
  readonly told: Told[] = [];
  beats = 0;
  gone = false;
  ended = false;
  slow?: Promise<void>;
  readonly reports: unknown[] = [];

  readonly machines = {
    get: async () => {
      if (this.away) throw new StoreUnavailableError(new Error('away'));
      return { correlationId: 'm', status: this.status, error: null };
    },
    historyAfter: async (_id: string, after: number, limit: number) => {
      this.reads++;
      if (this.away) throw new StoreUnavailableError(new Error('away'));
      const first = Math.max(after + 1, this.keptFrom);
      const count = Math.max(0, Math.min(limit, this.total - first + 1));
      const items = Array.from({ length: count }, (_, i) => ({ number: first + i, error: null }));
      return { lost: first - after - 1, items };
    },
  } as unknown as Machines;

  readonly stream: EventStream = {
    send: async (event: string, data: Record<string, unknown>, id?: number) => {
      if (this.gone) return;
      this.told.push({ event, data, id });
      await this.slow;
    },
    beat: async () => void this.beats++,
    end: () => (this.ended = true),
    get gone() {
      return false;
    },
  } as unknown as EventStream;

  follow(after = 0): HistoryStream {
    return new HistoryStream(this.machines, 'm', after, this.stream, (error) => this.reports.push(error));
  }

  numbers(): (number | undefined)[] {
    return this.told.filter(({ event }) => event === 'history').map(({ id }) => id);
  }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('HistoryStream', () => {
  it('tells every item once, in order, however many there are', async () => {
    const stage = new Stage();
    stage.total = 250;
    const stream = stage.follow();
    await stream.tick(0);
    expect(stage.numbers()).toEqual(upTo(250));
    stage.total = 300; // ends with a full page
    await stream.tick(100);
    await stream.tick(200);
    expect(stage.numbers()).toEqual(upTo(300));
  });

  it('goes on after the item that the client has', async () => {
    const stage = new Stage();
    stage.total = 5;
    await stage.follow(3).tick(0);
    expect(stage.numbers()).toEqual([4, 5]);
  });

  it('says how many items are kept no more, once', async () => {
    const stage = new Stage();
    stage.total = 20;
    stage.keptFrom = 11;
    const stream = stage.follow(4);
    await stream.tick(0);
    await stream.tick(100);
    expect(stage.told.filter(({ event }) => event === 'lost')).toEqual([{ event: 'lost', data: { count: 6 }, id: undefined }]);
    expect(stage.numbers()[0]).toBe(11);
  });

  it('tells the machine when its status changes, and not otherwise', async () => {
    const stage = new Stage();
    const stream = stage.follow();
    await stream.tick(0);
    await stream.tick(1000);
    stage.status = 'running'; // of which history says nothing
    await stream.tick(1100);
    await stream.tick(2000);
    const views = stage.told.filter(({ event }) => event === 'machine');
    expect(views.map(({ data }) => data.status)).toEqual(['queued', 'running']);
  });

  it('tells all of the history before it says that the machine has ended, and ends', async () => {
    const stage = new Stage();
    stage.total = 3;
    const get = stage.machines.get.bind(stage.machines);
    stage.machines.get = async (id) => {
      stage.total = 4; // committed after the history was read: with it came the end
      stage.status = 'completed';
      return get(id);
    };
    await stage.follow().tick(0);
    expect(stage.told.map(({ event }) => event)).toEqual(['history', 'history', 'history', 'history', 'machine', 'end']);
    expect(stage.told.at(-1)).toMatchObject({ data: { status: 'completed' }, id: undefined });
    expect(stage.ended).toBe(true);
  });

  it('asks for nothing while the client has not taken what was told', async () => {
    const stage = new Stage();
    stage.total = 2;
    let take = (): void => undefined;
    stage.slow = new Promise((resolve) => (take = resolve));
    const stream = stage.follow();
    const first = stream.tick(0);
    await stream.tick(100);
    await stream.tick(200);
    expect(stage.reads).toBe(1);
    take();
    await first;
    expect(stage.numbers()).toEqual([1, 2]);
  });

  it('outlives an outage of the store, and tells the rest after it', async () => {
    const stage = new Stage();
    stage.total = 1;
    const stream = stage.follow();
    await stream.tick(0);
    stage.away = true;
    stage.total = 3;
    await stream.tick(100);
    expect(stage.ended).toBe(false);
    stage.away = false;
    await stream.tick(200);
    expect(stage.numbers()).toEqual([1, 2, 3]);
    expect(stage.reports).toEqual([]);
  });

  it('is cut at an error that will not pass, and says so to the log', async () => {
    const stage = new Stage();
    stage.machines.historyAfter = () => Promise.reject(new TypeError('broken'));
    await stage.follow().tick(0);
    expect(stage.ended).toBe(true);
    expect(stage.reports).toHaveLength(1);
  });

  it('shows that it lives every 15 s of silence', async () => {
    const stage = new Stage();
    const stream = stage.follow();
    await stream.tick(0);
    await stream.tick(14_900);
    expect(stage.beats).toBe(0);
    await stream.tick(15_000);
    await stream.tick(29_900);
    expect(stage.beats).toBe(1);
    await stream.tick(30_000);
    expect(stage.beats).toBe(2);
  });
});
