import { InvalidFilterError } from '../../core/listing';
import { readCursor, writeCursor } from './cursor';

const text = (plain: string) => Buffer.from(plain).toString('base64url');

describe('cursors', () => {
  it.each(['a', 'x.y-z_0', '1'.repeat(128)])('lead back to %s', (id) => {
    expect(readCursor('time', writeCursor('time', { id, score: 1764400000123 }))).toEqual({ id, score: 1764400000123 });
    expect(readCursor('id', writeCursor('id', { id, score: 0 }))).toEqual({ id, score: 0 });
    expect(writeCursor('time', { id, score: 1764400000123 })).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    '',
    ' ',
    'x',
    '%%%',
    text('t.a'),
    text('t1'),
    text('t1.'),
    text('t-1.a'),
    text('i.a b'),
    text('i.a:b'),
    'A'.repeat(401),
  ])('%j is refused', (cursor) => {
    expect(() => readCursor('time', cursor)).toThrow(InvalidFilterError);
    expect(() => readCursor('time', cursor)).toThrow(/^cursor is ".*", which is none; give `next` of a page as it came/);
  });

  it('of a list in another order are refused', () => {
    expect(() => readCursor('id', writeCursor('time', { id: 'a', score: 1 }))).toThrow(/^cursor is of a list without idPrefix/);
    expect(() => readCursor('time', writeCursor('id', { id: 'a', score: 0 }))).toThrow(/^cursor is of a list with idPrefix/);
  });
});
