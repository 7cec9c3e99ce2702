import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProcess, type Answer } from '../rig/api-process';
import { harvest } from '../rig/harvest';
import { withRig, type Rig } from '../rig/rig';
import { errorsPerSecond, resumed, SteadyLoad } from './outage';
import type { Fault } from './fault';

/** So many machines that have ended come to the end of their time while memory is out: they must make room. */
const ENDED = 20;
/** Else starts are answered 429 from 80 % on, and none gets as far as to where there is no memory. */
const UNGUARDED = { STILE_LIMIT_MEMORY: '100' };
/** What an answer must never tell: the server's words, its address, a stack. */
const SECRETS = /OOM|maxmemory|EVAL|127\.0\.0\.1|redis|\.js:\d/i;

/** `maxmemory` is put below what is used: Redis refuses all that would take more. A script is refused at its first write, or not at all. */
export const outOfMemory: Fault = {
  name: 'out-of-memory',
  title: 'Redis out of memory for 60 s',
  target: 'starts answered 503, running work recovers, I1, I3',
  quickSeconds: 14,
  run: (pass) =>
    withRig(pass, { task: { crashLimit: 5 } }, async (rig) => {
      const [workers, api] = await Promise.all([
        rig.fleet.spawnReady(2),
        ApiProcess.start(rig.redis.url, rig.client.keys.prefix, rig.folder, UNGUARDED),
      ]);
      try {
        const load = new SteadyLoad(rig);
        const gone = await endSome(rig);
        await sleep(1000);
        const from = Date.now();
        await rig.admin.config('SET', 'maxmemory', '1mb');
        rig.fault('out of memory', 'begins');
        const answers: Answer[] = [];
        const reads: Answer[] = [];
        const end = from + (pass.size === 'quick' ? 5000 : 60_000);
        for (let i = 0; Date.now() < end; i++) {
          answers.push(await api.request('POST', '/v1/machines', { machine: 'chain', correlationId: `refused.${i}` }));
          reads.push(await api.request('GET', '/v1/machines/b0.ledger'));
          await sleep(100);
        }
        const left = await stillThere(rig, gone);
        const refusedHere = await rig.admin.set('probe', '1').then(
          () => 0,
          (error: unknown) => (String(error).includes('OOM') ? 1 : 0),
        );
        await rig.admin.config('SET', 'maxmemory', '0');
        rig.fault('out of memory', 'is over');
        const until = Date.now();
        const started = await startAgain(rig, api);
        await sleep(2000);
        await load.stop();

        const missed: string[] = [];
        const late: string[] = [];
        const refused = answers.filter(({ status }) => status === 503);
        const other = answers.find((answer) => answer.status !== 503 || !answer.body.includes('"STORE_UNAVAILABLE"'));
        const leak = answers.find(({ body }) => SECRETS.test(body));
        const unread = reads.find(({ status }) => status !== 200);
        const { firstMs, inHandMs } = resumed(rig.logFolder, workers, until);
        if (refusedHere === 0 || refused.length === 0) missed.push('not injected: Redis took writes at the end of the outage');
        if (other) missed.push(`a start was answered ${other.status}: ${other.body}`);
        if (leak) missed.push(`an answer tells what is nobody's business: ${leak.body}`);
        if (unread) missed.push(`a read was answered ${unread.status}: ${unread.body}`);
        if (left > 0) missed.push(`${left} of ${ENDED} machines whose time was over were not dropped while memory was out`);
        if (started.status !== 201) missed.push(`a start afterwards was answered ${started.status}: ${started.body}`);
        if (firstMs > 2000) late.push(`a worker went on ${firstMs} ms after memory was there again`);
        const errors = Math.max(...workers.map((worker) => errorsPerSecond(worker, from, until + 2000)));
        return await rig.finish({
          injected: { 'starts refused': refused.length },
          missed,
          late,
          figures: {
            'lasted ms': until - from,
            'answered 503': refused.length,
            'reads answered': reads.length,
            'dropped meanwhile': ENDED - left,
            'workers went on ms': firstMs,
            'machines in hand': inHandMs.length,
            'machines in hand went on max ms': Math.max(0, ...inHandMs),
            'errors/s per worker': errors,
          },
        });
      } finally {
        await api.end();
      }
    }),
};

/** Machines that nobody asks for later, and that are to be dropped two seconds from now. */
async function endSome({ client, admin, log }: Rig): Promise<readonly string[]> {
  const ids = Array.from({ length: ENDED }, (_, i) => `gone.${i}`);
  await Promise.all(ids.map((correlationId) => client.machines.start({ machine: 'chain', correlationId, context: {} })));
  const retention = client.keys.retention(0);
  const ended = async (): Promise<boolean> => {
    const scores = await Promise.all(ids.map((id) => admin.zscore(retention, id)));
    return scores.every((score) => score !== null);
  };
  while (!(await ended())) await sleep(20);
  await harvest(client, log, ids);
  await Promise.all(ids.map((id) => admin.zadd(retention, 'XX', String(Date.now() + 2000), id)));
  return ids;
}

async function stillThere({ client, admin }: Rig, ids: readonly string[]): Promise<number> {
  return admin.exists(...ids.map((id) => client.keys.record(id)));
}

/** As soon as memory is there: the first answer counts. */
function startAgain(rig: Rig, api: ApiProcess): Promise<Answer> {
  rig.load.expected.set('afterwards', 'chain');
  return api.request('POST', '/v1/machines', { machine: 'chain', correlationId: 'afterwards' });
}
