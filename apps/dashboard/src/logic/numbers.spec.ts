import { counted, rate, short, whole } from './numbers';

describe('numbers', () => {
  it('are whole', () => {
    expect([0, 999, 1000, 1_234_567].map(whole)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([counted(1, 'machine'), counted(2000, 'machine'), counted(0, 'child', 'children')]).toEqual([
      '1 machine',
      '2,000 machines',
      '0 children',
    ]);
  });

  it('are short, and never more than there is', () => {
    expect([999, 1000, 1290, 35_999, 999_999, 1_000_000, 12_345_678].map(short)).toEqual([
      ...['999', '1k', '1.2k', '35k', '999k', '1M', '12M'],
    ]);
  });

  it('are rates', () => {
    expect([0, 0.001, 0.25, 3.14, 120.4].map(rate)).toEqual(['0', '<0.01', '0.25', '3.1', '120']);
  });
});
