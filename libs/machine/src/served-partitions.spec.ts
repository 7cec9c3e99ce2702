import { partitionsToServe } from './served-partitions';

describe('partitionsToServe', () => {
  it('are all, or those that are named', () => {
    expect(partitionsToServe(undefined, 3)).toEqual([0, 1, 2]);
    expect(partitionsToServe([2, 0, 2], 3)).toEqual([0, 2]);
  });

  it.each([[[3]], [[-1]], [[0.5]], [[]]])('cannot be %j of three', (told) => {
    expect(() => partitionsToServe(told, 3)).toThrow(/of 0 to 2; name some/);
  });
});
