import { leftovers } from './leftovers';
import { LogBuilder } from './testing/log-builder';

it('finds keys of machines that are gone, and says which', () => {
  const builder = new LogBuilder();
  builder.end();
  const left = ['{stile:0}:m:c1', '{stile:0}:q:main:c1.3.0.1', '{stile:0}:h:never-seen'];
  const keys = left.map((key) => builder.add({ kind: 'key', key }));
  expect(leftovers(builder.log())).toEqual(
    keys.map((entry) => ({
      invariant: 'I6',
      correlationId: '',
      text: `the key ${entry.key} is left, and no live machine's`,
      entries: [entry],
    })),
  );
});

it('allows keys of live machines, their jobs too, and what is named as allowed', () => {
  const builder = new LogBuilder();
  builder.end({ correlationId: 'c.1', live: true, status: 'waiting' });
  for (const key of ['{stile:0}:m:c.1', '{stile:0}:q:main:c.1.3.0.1', 'stile:counters:a', 'stile:counters:b']) {
    builder.add({ kind: 'key', key });
  }
  expect(leftovers(builder.log(), { allowedKeys: [/^stile:counters:/g] })).toEqual([]);
});

it('takes no key for that of a live machine whose id only begins alike', () => {
  const builder = new LogBuilder();
  builder.end({ live: true, status: 'waiting' });
  for (const key of ['{stile:0}:m:c1.child', '{stile:0}:m:c10', '{stile:0}:q:main:c1.child.3.0.1'])
    builder.add({ kind: 'key', key });
  expect(leftovers(builder.log())).toHaveLength(3);
});
