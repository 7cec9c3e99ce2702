import type { ApiProblem } from '../problems/api-problem';
import { StreamLimits } from './stream-limits';

const refusal = (limits: StreamLimits, caller: string): ApiProblem => {
  try {
    limits.take(caller);
  } catch (error) {
    return error as ApiProblem;
  }
  throw new Error('it was let in');
};

it('refuses one caller too many streams, and lets others in', () => {
  const limits = new StreamLimits(10, 2);
  const end = limits.take('ada');
  limits.take('ada');
  expect(refusal(limits, 'ada')).toMatchObject({
    code: 'TOO_MANY_STREAMS',
    detail: 'caller "ada" has 2 streams open, as many as it may; close some, or have STILE_LIMIT_CALLER_STREAMS raised',
  });
  limits.take('bob');
  end();
  limits.take('ada');
});

it('refuses all callers together too many streams', () => {
  const limits = new StreamLimits(2, 2);
  const end = limits.take('ada');
  limits.take('bob');
  expect(refusal(limits, 'eve')).toMatchObject({ code: 'TOO_MANY_STREAMS', detail: expect.stringContaining('2 streams open') });
  end();
  limits.take('eve');
});
