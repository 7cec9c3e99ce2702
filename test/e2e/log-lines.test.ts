import { StileRuntime } from '@stile/machine';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Programs, type Program } from './support/programs';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
const prefix = uniquePrefix('log-lines');
const programs = new Programs({
  STILE_REDIS_URL: testRedisUrl(),
  STILE_PREFIX: prefix,
  STILE_LOG_FORMAT: 'json',
  STILE_MACHINES: 'examples',
});
let client: StileRuntime;
let worker: Program;

/** Every line, or an error where one is no JSON object. */
const linesOf = (program: Program): Record<string, unknown>[] =>
  program.output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function run(correlationId: string, status: string): Promise<string> {
  const context = { item: 'a-secret-item', fail: { reserve: status === 'failed' ? 'always' : undefined } };
  const result = await client.machines.start({ machine: 'order', correlationId, maxRetries: 0, context });
  await waitFor(async () => (await client.machines.get(correlationId))?.status === status, {
    what: `${correlationId} ${status}`,
  });
  return result.outcome === 'conflict' ? '' : result.machine.runId;
}

const stepsOf = (program: Program, id: string) =>
  linesOf(program).filter(({ msg, correlationId }) => msg === 'step' && correlationId === id);

beforeAll(() => {
  client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix }, quiet);
});
afterEach(() => programs.end());
afterAll(() => client.stop());

it('a worker writes JSON lines, one for each attempt, and no user data', async () => {
  worker = programs.worker({ STILE_LOG_STEPS: 'on' });
  await worker.says('is ready; it runs');
  const runId = await run('good', 'completed');
  await run('bad', 'failed');
  await waitFor(() => stepsOf(worker, 'bad').some(({ outcome }) => outcome === 'failed'), { what: 'the line of the failure' });

  const steps = stepsOf(worker, 'good');
  expect(steps.length).toBeGreaterThan(2);
  steps.forEach((line, i) => {
    expect(line).toMatchObject({ level: 'info', context: 'Stile', machine: 'order', runId, steps: i, fence: i + 1 });
    expect(line).toMatchObject({
      outcome: 'committed',
      durationMs: expect.any(Number) as number,
      time: expect.any(String) as string,
    });
  });
  const failure = linesOf(worker).find(({ level }) => level === 'error');
  expect(failure?.msg).toContain('machine bad (order: ');
  expect(worker.output).not.toContain('a-secret-item');
  const { error } = (await client.machines.get('bad')) ?? {};
  expect(error?.message).not.toBe('');
  expect(worker.output).not.toContain(error?.message);
  expect(stepsOf(worker, 'bad').at(-1)).toMatchObject({ error: error?.code, outcome: 'failed' });
});

it('says user data where it is told to', async () => {
  worker = programs.worker({ STILE_LOG_STEPS: 'on', STILE_LOG_DATA: 'on' });
  await worker.says('is ready; it runs');
  await run('open', 'completed');
  await waitFor(() => stepsOf(worker, 'open').length > 2, { what: 'its lines' });
  expect(worker.output).toContain('a-secret-item');
});

it('the API writes JSON lines, too', async () => {
  const api = programs.start(['apps/api/dist/main.js'], { STILE_PORT: '0' });
  await api.says('listens on');
  expect(linesOf(api).find(({ msg }) => String(msg).includes('listens on'))).toMatchObject({ level: 'info', context: 'Api' });
});
