import { StileApiError, StileConnectionError } from '@stile/client';
import { ConfigError } from '@stile/config';
import { PlainError } from './plain-error';
import { makeProgram } from './program';
import { tell } from './report-error';

type Code = StileApiError['code'];

describe('exit codes', () => {
  it.each<[status: number, code: Code, exitCode: number]>([
    [400, 'VALIDATION_FAILED', 2],
    [422, 'UNDECLARED_EVENT', 2],
    [422, 'UNKNOWN_MACHINE', 3],
    [404, 'MACHINE_NOT_FOUND', 3],
    [410, 'CALLBACK_GONE', 3],
    [409, 'STEERING_REFUSED', 4],
    [429, 'INBOX_FULL', 4],
    [503, 'STORE_UNAVAILABLE', 5],
    [502, 'UNEXPECTED_ANSWER', 5],
    [404, 'UNEXPECTED_ANSWER', 5],
    [500, 'INTERNAL', 1],
  ])('%i %s is %i', (status, code, exitCode) => {
    expect(tell(new StileApiError(status, code, 'd'))).toMatchObject({ exitCode, code });
  });

  it('of what is ours', () => {
    expect(tell(new StileConnectionError('http://a', 'UNREACHABLE', 'ECONNREFUSED'))?.exitCode).toBe(5);
    expect(tell(new ConfigError([{ variable: 'A', problem: 'p' }]))?.exitCode).toBe(2);
    expect(tell(new PlainError('no'))?.exitCode).toBe(1);
    expect(tell(new PlainError('no', 3))?.exitCode).toBe(3);
    expect(tell(new Error('a bug'))).toBeUndefined();
  });
});

describe('what is told', () => {
  it('says what to type', () => {
    expect(tell(new StileConnectionError('http://a', 'UNREACHABLE', 'ECONNREFUSED'))?.detail).toMatch(
      /stile up.*--api or STILE_API_URL/,
    );
    expect(tell(new StileApiError(404, 'MACHINE_NOT_FOUND', 'no machine "x"'))?.detail).toBe(
      'no machine "x"; "stile list" shows those there are',
    );
  });

  it('names the fields at fault, on one line', () => {
    const errors = [
      { field: 'machine', problem: 'is missing' },
      { field: '', problem: 'is\nempty' },
    ];
    expect(tell(new StileApiError(400, 'VALIDATION_FAILED', 'fields cannot be used', errors))).toEqual({
      exitCode: 2,
      code: 'VALIDATION_FAILED',
      detail: 'machine is missing; the body is empty',
      errors,
    });
  });

  const usage = async (...args: string[]) => {
    const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const run = makeProgram().parseAsync(args, { from: 'user' });
    const error: unknown = await run.catch((caught: unknown) => caught);
    out.mockRestore();
    expect(err).not.toHaveBeenCalled(); // errors are for us to print
    err.mockRestore();
    return tell(error);
  };

  it.each([
    [['strat'], /unknown command 'strat' \(Did you mean start\?\)/],
    [['get'], /missing required argument 'id'/],
    [['list', '--status', 'broken'], /"broken" is none of queued/],
    [['start', 'order', '--context', '{a}'], /give JSON/],
    [['start', 'order', '--state', 'a'], /--state and --event go together/],
    [['retry'], /retry what\? Give an id, or select machines/],
    [['retry', '--machine', 'order'], /every machine that matches; .*--all-matching does it/],
    [['retry', '--all-matching'], /retry what\?/],
    [['retry', 'm', '--machine', 'order'], /either one machine by its id, or all that match/],
    [['operations', '--stop'], /stop which one/],
    [['graph', 'no/such.yaml'], /there is no file "no\/such.yaml"/],
    [['get', 'm', '--api', 'nowhere'], /give the address of an API/],
  ])('of %j', async (args, told) => {
    expect(await usage(...args)).toMatchObject({ exitCode: 2, detail: expect.stringMatching(told) });
  });

  it('nothing of help and version', async () => {
    for (const args of [['--help'], ['start', '--help'], ['--version']])
      expect(await usage(...args)).toMatchObject({ exitCode: 0 });
  });
});
