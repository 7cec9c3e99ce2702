import fc from 'fast-check';
import type { Next } from '../../../libs/machine/src/core/ports';
import type { Act, Waits } from './machine-model';

/** Which machine; the second one is there to be left alone. */
const machine = fc.constantFrom(0, 0, 0, 0, 1);
/** Claims back from the last one that was got: what a worker has kept that was thought dead. */
const claim = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) });
/** Sent again because its reply was lost. */
const twice = fc.constantFrom(false, false, false, false, true);
/** The claim is the one that was granted, but for this one field. */
const forgedIn = (freq: number) => fc.option(fc.constantFrom('fence', 'nonce', 'steps', 'retries'), { nil: undefined, freq });
const forged = forgedIn(4);
/** Which claim of a step this may not be, because the worker has others in hand (decision 18). */
const barred = fc.constantFrom(0, 0, 0, 0, 0, 0, 2, 3);
/** Where the worker dies, with leases in a store of their own. */
const dies = (...places: ('after acquire' | 'before advance' | 'after advance' | 'before release')[]) =>
  fc.option(fc.constantFrom(...places), { nil: undefined, freq: 7 });

const EVENTS = ['paid', 'noise', 'bad', 'other'] as const;
const waits: fc.Arbitrary<Waits> = fc.record({
  takes: fc.constantFrom<Waits['takes'][]>(
    {},
    { paid: 'take', late: 'take' },
    { paid: 'take', noise: 'ignore', bad: 'reject' },
    { other: 'take', paid: 'reject', noise: 'take' },
  ),
  timer: fc.boolean(),
  stayed: fc.constantFrom(false, false, false, true),
  goOn: fc.boolean(),
});

const next = fc.constantFrom<Next[]>(
  ...([
    'continue',
    'continue',
    'continue',
    'continue',
    'queued',
    'queued',
    'delayed',
    'waiting',
    'waiting',
    'waiting',
    'completed',
  ] as const),
);

type Unwanted = 'steps ahead' | 'rev ahead' | 'retries ahead' | 'other drive' | 'other version';

const verbs = {
  claim: fc.record({
    do: fc.constant('claim' as const),
    machine,
    /** `wanted`: what the record waits for; `old`: one of before; the others are ahead of it, or another's. */
    job: fc.oneof(
      { weight: 8, arbitrary: fc.constant<'wanted'>('wanted') },
      { weight: 2, arbitrary: fc.record({ old: fc.nat({ max: 5 }) }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Unwanted[]>('steps ahead', 'rev ahead', 'retries ahead', 'other drive', 'other version'),
      },
      { weight: 1, arbitrary: fc.record({ again: fc.nat({ max: 2 }) }) },
    ),
    barred,
    dies: dies('after acquire', 'before release'),
    twice,
  }),
  commit: fc.record({
    do: fc.constant('commit' as const),
    machine,
    claim,
    forged,
    next,
    waits,
    dies: dies('before advance', 'after advance', 'before release'),
    twice,
  }),
  fail: fc.record({
    do: fc.constant('fail' as const),
    machine,
    claim,
    forged,
    next: fc.constantFrom('retry', 'retry', 'retry', 'failed'),
    later: fc.boolean(),
    dies: dies('before release'),
    twice,
  }),
  release: fc.record({ do: fc.constant('release' as const), machine, claim, forged, dies: dies('before release'), twice }),
  renew: fc.record({ do: fc.constant('renew' as const), machine, claim, forged, twice }),
  note: fc.record({ do: fc.constant('note' as const), machine, claim, forged, key: fc.constantFrom('a', 'b'), twice }),
};
const others = {
  deliver: fc.record({
    do: fc.constant('deliver' as const),
    machine,
    event: fc.constantFrom(...EVENTS),
    /** Few ids: some come again. */
    id: fc.nat({ max: 7 }),
    twice,
  }),
  steer: fc.record({
    do: fc.constant('steer' as const),
    machine,
    act: fc.constantFrom<Act[]>(
      'pause',
      'pause',
      'pause',
      'resume',
      'resume',
      'retry',
      'cancel',
      'clean',
      'clean',
      'now',
      'move',
    ),
    twice,
  }),
  sweep: fc.record({ do: fc.constant('sweep' as const), machine, wake: fc.boolean(), twice }),
  world: fc.record({
    /** The lease runs out · its server is another one · its store has lost all · the record's server is another one · time has passed. */
    do: fc.constantFrom(
      'expire',
      'expire',
      'expire',
      'identity',
      'identity',
      'loss',
      'failover',
      'failover',
      'pass',
      'pass',
      'pass',
    ),
    machine,
  }),
};

/** Whatever takes the machine on, see `forward`. */
const onward = fc.record({
  do: fc.constant('forward' as const),
  machine,
  next: next.map((what) => (what === 'completed' ? 'waiting' : what)),
  waits,
  /** What a worker does that has it in hand; or that it is heard of no more, or that a server dies before it speaks. */
  word: fc.constantFrom('commit', 'commit', 'commit', 'commit', 'commit', 'fail', 'release', 'vanish', 'failover'),
  forged: forgedIn(12),
  /** An event comes when the timer is due, and the sweep has not looked yet. */
  late: fc.constantFrom(false, false, true),
  barred,
  dies: dies('after acquire', 'before advance', 'after advance', 'before release'),
  twice,
});

const command = fc.oneof(
  { weight: 30, arbitrary: onward },
  { weight: 6, arbitrary: verbs.claim },
  { weight: 6, arbitrary: verbs.commit },
  { weight: 4, arbitrary: verbs.fail },
  { weight: 2, arbitrary: verbs.release },
  { weight: 1, arbitrary: verbs.renew },
  { weight: 1, arbitrary: verbs.note },
  { weight: 5, arbitrary: others.deliver },
  { weight: 5, arbitrary: others.steer },
  { weight: 3, arbitrary: others.sweep },
  { weight: 6, arbitrary: others.world },
);

export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
/** A command that says by itself what is done. */
export type Plain = Exclude<Command, { do: 'forward' }>;
export type Of<K extends Command['do']> = Extract<Command, { readonly do: K }>;

export const commandLists = fc.array(command, { minLength: 1, maxLength: 40, size: 'max' });
