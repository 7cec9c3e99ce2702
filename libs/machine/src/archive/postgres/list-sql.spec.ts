import { listSql, tagText } from './list-sql';

describe('the statement of a list', () => {
  it('numbers its values in the order of its conditions', () => {
    const { text, values } = listSql('stile', {
      filter: { machine: 'order', tag: { key: 'a', value: 'b' }, idPrefix: 'o-', to: '2026-01-01T00:00:00Z' },
      order: 'id',
      after: { correlationId: 'o-5', created: 7 },
      limit: 11,
    });
    const numbers = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(values.map((_, i) => i + 1));
    expect(values).toEqual(['stile', 'order', 'a=b', Date.parse('2026-01-01'), 'o-', 'o-~', 'o-5', 'o-5', 7, 11]);
  });

  it('has no place for U+0000 in a tag', () => {
    expect(tagText('a', 'b\u0000c')).toBe('a=b\uFFFDc');
  });
});
