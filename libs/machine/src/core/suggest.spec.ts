import { editDistance, hint, nearest } from './suggest';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['charge', 'charge', 0],
    ['chrage', 'charge', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearest', () => {
  it('takes the nearest of several, whatever the case', () => expect(nearest('Chrage', ['change', 'charge'])).toBe('charge'));
  it('gives nothing when all are too far', () => expect(nearest('ship', ['reserve', 'charge'])).toBeUndefined());
});

describe('hint', () => {
  it('lists what there is when nothing is near', () => expect(hint('x', ['alpha', 'beta'])).toBe('there is: "alpha", "beta"'));
  it('lists no more than ten', () => {
    expect(
      hint(
        'x',
        Array.from({ length: 12 }, (_, i) => `name${i}`),
      ),
    ).toMatch(/"name9" and 2 more$/);
  });
  it('says when there is none', () => expect(hint('x', [])).toBe('there is none'));
});
