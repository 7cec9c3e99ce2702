import { countedAs, type Caller } from './caller';

it('limits tell keys of one name apart, and count whoever has none by his name', () => {
  const counted = (caller: Partial<Caller>): string => {
    const whole: Caller = { name: 'shop', role: 'starter', via: 'key', ...caller };
    return countedAs(whole);
  };
  expect(counted({ key: 'stile_a2b3c4d5e6f7' })).toBe('stile_a2b3c4d5e6f7');
  expect(counted({ key: 'stile_q2b3c4d5e6f7', via: 'session' })).toBe('stile_q2b3c4d5e6f7');
  expect(counted({ name: 'ada@example.com', via: 'token' })).toBe('ada@example.com');
  expect(countedAs(undefined)).toBe('anonymous');
});
