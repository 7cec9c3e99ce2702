import { makeRedactor } from '../core/redact';
import type { Claim } from '../core/ports';
import { stepLine } from './step-line';
import { stepLog } from './step-log';

const claim = { correlationId: 'a', context: '{"card":{"number":"4111"},"n":1}', data: '{"password":"x"}' } as Claim;
const redact = makeRedactor(['card.number', 'password']);

it('a line holds user data only where it may, and without what is redacted', () => {
  expect(stepLine(claim, 'w', 'committed', undefined, { data: false, redact })).not.toHaveProperty('context');
  expect(stepLine(claim, 'w', 'committed', undefined, { data: true })).toMatchObject({
    context: claim.context,
    data: claim.data,
  });
  expect(stepLine(claim, 'w', 'committed', undefined, { data: true, redact })).toMatchObject({
    context: '{"card":{"number":"[redacted]"},"n":1}',
    data: '{"password":"[redacted]"}',
  });
});

it('what users log themselves is redacted, too', () => {
  const lines: object[] = [];
  const none = (): void => undefined;
  const log = {
    debug: none,
    log: none,
    warn: none,
    error: none,
    entry: (_level: string, _message: string, fields: object) => void lines.push(fields),
  };
  stepLog(log, claim, redact).info('hello', { card: { number: '4111' }, correlationId: 'b' });
  stepLog(log, claim).info('hello', { card: { number: '4111' } });
  expect(lines).toMatchObject([{ card: { number: '[redacted]' } }, { card: { number: '4111' } }]);
});
