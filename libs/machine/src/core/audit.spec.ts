import { audited, AuditLog, type AuditAct, type AuditPage, type AuditRecord } from './audit';
import { MachineNotFoundError, StoreUnavailableError } from './errors';

/** A log that may lose the entries of a phase. */
class Kept extends AuditLog {
  readonly records: AuditRecord[] = [];
  constructor(private readonly loses?: AuditRecord['phase']) {
    super();
  }
  append(record: AuditRecord): Promise<void> {
    if (record.phase === this.loses) return Promise.reject(new StoreUnavailableError(new Error('away')));
    this.records.push(record);
    return Promise.resolve();
  }
  read(): Promise<AuditPage> {
    return Promise.resolve({ items: [], next: null });
  }
}

const act: AuditAct = {
  ...{ id: '1', act: 'cancel', on: 'machine m', details: { mode: 'now' }, before: { status: 'waiting' } },
  who: { name: 'ada', role: 'operator', via: 'key' },
};
const lost = jest.fn();

it('writes what is asked before it is done, and what came of it', async () => {
  const log = new Kept();
  const work = async () => {
    expect(log.records).toEqual([{ ...act, phase: 'asked' }]);
    return { status: 'cancelled', context: { secret: 1 } };
  };
  const result = await audited(log, act, work, { after: ({ status }) => ({ status }), onLost: lost });
  expect(result.status).toBe('cancelled');
  const { id, on, who } = act;
  expect(log.records[1]).toEqual({ id, act: 'cancel', on, who, phase: 'done', after: { status: 'cancelled' } });
  expect(log.records).toHaveLength(2);
});

it.each([
  [new MachineNotFoundError('m'), { phase: 'refused', code: 'MACHINE_NOT_FOUND' }],
  [new StoreUnavailableError(new Error('away')), { phase: 'failed', code: 'STORE_UNAVAILABLE' }],
  [new Error('a bug'), { phase: 'failed' }],
])('tells what came of %s, and throws it on', async (error, told) => {
  const log = new Kept();
  await expect(audited(log, act, () => Promise.reject(error), { onLost: lost })).rejects.toBe(error);
  expect(log.records[1]).toMatchObject(told);
});

it('does nothing that it could not write down first', async () => {
  const work = jest.fn();
  await expect(audited(new Kept('asked'), act, work, { onLost: lost })).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(work).not.toHaveBeenCalled();
});

it('tells of an act that was done, though its last entry was lost', async () => {
  lost.mockClear();
  expect(await audited(new Kept('done'), act, () => Promise.resolve(7), { onLost: lost })).toBe(7);
  expect(lost).toHaveBeenCalledTimes(1);
});
