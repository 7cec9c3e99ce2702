import fc from 'fast-check';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix } from '../../support/redis';
import { checkRun } from './check-run';
import { commandLists, type Command } from './commands';
import { SCRIPTS, type Doctor } from './resending';
import { World } from './world';

/** Most are found within 50; a guard whose loss takes more runs than these to be seen is not looked at often enough. */
const RUNS = 600;
/** Fixed: what is proven is that the tests can fail, and not how soon. */
const SEED = 4;

type Mutant = readonly [what: string, kind: 'fused' | 'split', from: string, to: string];

const OURS = '(fence > record.fence or (fence == record.fence and record.nonce == nonce))';
const MOVED = "if record_has_moved(K.record, lease) then\n  return { 'moved' }\nend";
const MUTANTS: readonly Mutant[] = [
  ['K1, the fence of a word', 'fused', OURS, 'true'],
  ['K1, the fence of a word, leases elsewhere', 'split', OURS, 'true'],
  ['K1, the nonce of a word', 'fused', 'fence == record.fence and record.nonce == nonce', 'fence == record.fence'],
  ['K1, the step of a word', 'fused', "record.status == 'running' and record.steps == steps", "record.status == 'running'"],
  ['K1, that a step runs', 'fused', "return record.status == 'running' and record.steps", 'return record.steps'],
  ['K1, the nonce of a sticky commit', 'fused', 'record[2] == ARGV[a + 1] and', ''],
  ['K1, the fence of a commit that rests', 'fused', 'f[1] ~= fence or', ''],
  ['K1, a repeated commit', 'fused', 'if record.committed == fence then', 'if false then'],
  ['K2, the retries of a fail', 'fused', 'or record.retries ~= retries then -- K2', 'then'],
  ['K2, a repeated fail', 'split', 'if record.failed == ARGV[2] then', 'if false then'],
  [
    'K4, a look into the inbox before resting',
    'fused',
    "elseif next == 'waiting' and not record.pause then\n  settle(K, record, now_ms)",
    "elseif next == 'waiting' and not record.pause then",
  ],
  ['C2, which job is older', 'fused', 'local order = job.steps - record.steps', 'local order = 0'],
  [
    'C2, whether a job is due',
    'fused',
    "if record.due > now_ms then\n    return { 'early'",
    "if false then\n    return { 'early'",
  ],
  ['C3, a lease that another holds', 'fused', 'if lease_is_live(lease, now_ms) then\n  redis', 'if false then\n  redis'],
  ['L1, an acquire that is sent again', 'split', 'lease.nonce == nonce and lease.steps == steps and', 'false and'],
  ['L2, the floor', 'split', 'math.max(lease.fence, floor)', 'lease.fence'],
  ['L3, the identity of the server', 'fused', 'if jump or (lease.server and lease.server ~= identity) then', 'if jump then'],
  ['L4, the identity at an advance', 'fused', 'lease[3] == server', 'true'],
  ['L4, the expiry at an advance', 'fused', "tonumber(lease[2] or '0') > now_ms", 'true'],
  [
    'J1, a new job id after a release',
    'fused',
    "if not stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit) then\n  record.drive = record.drive + 1",
    "if not stop_as_asked(K, id, record, 'queued', now_ms, retention, history_limit) then",
  ],
  [
    'J2, the watch of a delivered event',
    'fused',
    "if record.status ~= 'running' then\n  watch_write(K, id, record, now_ms)\nend\nif record.drive ~= drive",
    'if record.drive ~= drive',
  ],
  [
    'J2, an entry that the sweep has found',
    'fused',
    "redis.call('ZADD', watch_key, int(at), id)",
    "redis.call('ZREM', watch_key, id)",
  ],
  ['J3, that an event is known', 'fused', "kind == 'id' and redis.call('ZSCORE', seen_key, mark)", 'false'],
  [
    'J4, that a timer was due before an event',
    'fused',
    'if timer_is_due(record, now_ms) then\n      drive_with',
    'if false then\n      drive_with',
  ],
  ['O1, a cancellation before a commit', 'fused', "if record.cancel == 'graceful' then -- O1", 'if false then -- O1'],
  ['O1, what was asked of a machine whose worker is gone', 'split', "return f[1] == '1' or f[2] == 'graceful'", 'return false'],
  ['O1, an act that is sent again', 'fused', 'if record.act == nonce then', 'if false then'],
  ['decision 13, a first claim on another server than the start', 'fused', 'and f[22] == server)', ')'],
  ['decision 13, the same where more is unusual', 'fused', 'local moved = not lease.server and', 'local moved = false and'],
  ['decision 13, the server of the start', 'split', "'server', server_identity(),\n", '\n'],
  ['decision 17, a commit on another server', 'fused', `${MOVED}\n\nrecord.fence = token`, 'record.fence = token'],
  [
    'decision 17, a commit on another server, leases elsewhere',
    'split',
    `${MOVED}\n\nrecord.fence = token`,
    'record.fence = token',
  ],
  ['decision 17, a commit that rests on another server', 'fused', 'or l[4] ~= string.sub(info, from, from + 15)', ''],
  ['decision 17, a commit that rests there, leases elsewhere', 'split', 'or l[4] ~= string.sub(info, from, from + 15)', ''],
  ['decision 17, a fail on another server', 'fused', `${MOVED}\nrecord_more`, 'record_more'],
  ['decision 17, a fail on another server, leases elsewhere', 'split', `${MOVED}\nrecord_more`, 'record_more'],
  ['decision 17, that the lease knows the server', 'fused', "lease and lease.server or redis.call('HGET'", "redis.call('HGET'"],
  ['decision 18, a claim that may not be the last', 'fused', 'return barred > 0 and record.claims + 1 >= barred', 'return false'],
  ['decision 18, the same with leases elsewhere', 'split', 'return barred > 0 and record.claims + 1 >= barred', 'return false'],
  [
    'decision 19, that a delayed machine is taken up',
    'fused',
    "if record.status == 'delayed' then\n    claim_places",
    'if false then\n    claim_places',
  ],
  ['decision 19, the place of a commit that rests', 'fused', 'if f[10] ~= place then', 'if false then'],
  ['decision 19, the place that a machine leaves', 'split', "redis.call('ZREM', tag .. ':ix:p:' .. place, id)", '1'],
  ['decision 19, that a place is empty', 'fused', "redis.call('SREM', tag .. ':ix:places', place)", ''],
  ['decision 36, who granted the lease that is put away', 'fused', "redis.call('HSET', K.record, 'server', lease.server)", ''],
  ['S1, a record server that is another one', 'split', 'if jump or (lease.server', 'if (lease.server'],
];

describe('without one of its guards a script is caught by the model', () => {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  const prefix = uniquePrefix('mutant');
  let runs = 0;
  const worldOf = (kind: Mutant[1], doctor?: Doctor) => new World(redis, kind, `${prefix}-${++runs}`, doctor);
  afterAll(() => redis.disconnect());

  it.each(MUTANTS)(
    '%s',
    async (_what, kind, from, to) => {
      // A mutant that is none would be found never.
      const stands = [...SCRIPTS.values()].filter(({ lua }) => lua.includes(from)).map(({ name }) => name);
      expect(stands).not.toEqual([]);
      const doctor = (lua: string) => lua.replaceAll(from, () => to);
      const property = fc.asyncProperty(commandLists, (commands) => checkRun(worldOf(kind, doctor), commands));
      const found = await fc.check(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
      expect(found.failed).toBe(true);
      expect((found.errorInstance as Error).name).toBe('Disagreement');
      // It is the guard's loss that was seen: the same commands come to nothing where it stands.
      const [commands] = found.counterexample as [readonly Command[]];
      await checkRun(worldOf(kind), commands);
    },
    120_000,
  );
});
