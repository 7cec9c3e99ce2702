import { formatProblem, type Problem } from '../core/errors';
import { bindAll } from '../core/bind';
import { BAD_YAML, oneMachine as one } from './bad-yaml.fixtures';
import { loadYamlText } from './yaml-loader';

const lines = (problems: readonly Problem[]): string[] => problems.map(({ line, rule }) => `${line} ${rule}`);

/** `line rule` of what reading and binding find. */
function check(text: string): string[] {
  const { sources, problems } = loadYamlText(text, 'm.yaml');
  return lines([...problems, ...bindAll(sources, new Map([['count.up', () => undefined]])).problems]);
}

describe('loadYamlText', () => {
  it('reads all that a machine can have', () => {
    const { sources, problems } = loadYamlText(
      `machines:
  - name: counter
    version: 3
    max_retries: 7
    queue: slow
    retention: 7d
    states:
      - name: start
        initial: true
        entry_action: a.b
        do_action: count.up
        exit_action: bye
        on_exhausted: again
        retry: { max_retries: 3, base: 100ms, cap: 10s }
        transitions:
          - target: start
            event: again
            action: log
            local: true
          - { target: end, event: done }
      - name: end
        final: true
  - name: two
    states: [{ name: only, initial: true, final: true }]
`,
      'm.yaml',
    );
    expect(problems).toEqual([]);
    expect(sources.map(({ origin }) => origin)).toEqual(['m.yaml:2', 'm.yaml:23']);
    expect(sources[0]?.definition).toEqual({
      name: 'counter',
      version: 3,
      maxRetries: 7,
      queue: 'slow',
      retentionMs: 604_800_000,
      initial: 'start',
      states: {
        start: {
          name: 'start',
          final: false,
          entryAction: 'a.b',
          doAction: 'count.up',
          exitAction: 'bye',
          onExhausted: 'again',
          retry: { maxRetries: 3, baseMs: 100, capMs: 10_000 },
          transitions: {
            again: { event: 'again', target: 'start', action: 'log', local: true },
            done: { event: 'done', target: 'end', local: false },
          },
        },
        end: { name: 'end', final: true, transitions: {} },
      },
    });
    expect(sources[1]?.definition).toEqual({
      name: 'two',
      version: 1,
      maxRetries: 5,
      queue: 'machines',
      initial: 'only',
      states: { only: { name: 'only', final: true, transitions: {} } },
    });
  });

  it('reports everything at once, each with its line', () => {
    const text = `machines:
  - name: counter
    version: 1.5
    max_retries: "5"
    retention: 7 weeks
    stats: 1
    states:
      - name: start
        initial: true
        do_action: count.upp
        on_exhausted: giveup
        retry: { max_retries: 3,
          base: 100,
          bas: 1s }
        transitions:
          - target: strat
            event: again
            local: yes
          - target: end
            event: again
          - event: x
          -
      - name: start
        final: true
      - name: 12
      - name: lonely
        entry_action:
      - final: true
      - name: pseudo_init
        initial: true
      - name: end
        final: true
        transitions:
          - { target: end, event: pseudo_init }
`;
    expect(check(text).sort()).toEqual(
      [
        '3 bad-number',
        '4 wrong-type',
        '5 bad-number',
        '6 unknown-key',
        '10 unknown-action',
        '11 on-exhausted-event',
        '13 wrong-type',
        '14 unknown-key',
        '16 missing-target',
        '18 wrong-type',
        '20 duplicate-event',
        '21 empty',
        '22 empty',
        '23 duplicate-state',
        '25 wrong-type',
        '27 empty',
        '28 empty',
        '29 reserved-name',
        '30 two-initials',
        '8 no-way-to-end',
        '25 unreachable-state',
        '25 no-way-to-end',
        '26 unreachable-state',
        '26 no-way-to-end',
        '29 no-way-to-end',
        '34 final-with-transitions',
        '34 reserved-name',
      ].sort(),
    );
  });

  it('names field, value and what is wanted, and what may have been meant', () => {
    const { problems } = loadYamlText(one('    - { name: a, initial: yes, finel: true }', '    max_retries: many\n'), 'm.yaml');
    expect(problems.map(formatProblem)).toEqual([
      'm.yaml:5: error: a state of machine "m" has no field "finel"; did you mean "final"? [unknown-key]',
      'm.yaml:5: error: initial of state "a" is "yes"; give true or false [wrong-type]',
      'm.yaml:3: error: max_retries of machine "m" is "many"; give a number, without quotes [wrong-type]',
    ]);
  });

  it('judges what can be reached although something is written twice', () => {
    const states = `      - { name: a, initial: true, transitions: [{ event: go, target: b }, { event: go, target: c }] }
      - { name: b, final: true }
      - { name: c, final: true }
      - { name: b, transitions: [{ event: x, target: d }] }
      - { name: d, final: true }
      - { name: lost, final: true }
`;
    expect(check(one(states))).toEqual(['4 duplicate-event', '7 duplicate-state', '9 unreachable-state']);
  });

  it.each(BAD_YAML)('finds %s', (_name, text, expected) => expect(check(text)).toEqual(expected));

  it('reads all documents of a file', () => {
    const text = ['a', 'b']
      .map((name) => `machines:\n  - name: ${name}\n    states: [{ name: x, initial: true, final: true }]\n`)
      .join('---\n');
    const { sources, problems } = loadYamlText(`${text}---\n`, 'm.yaml');
    expect(problems).toEqual([]);
    expect(sources.map(({ definition, origin }) => [definition.name, origin])).toEqual([
      ['a', 'm.yaml:2'],
      ['b', 'm.yaml:6'],
    ]);
  });

  it('follows aliases and merges; own fields win', () => {
    const states = `      - &work { name: a, initial: true, do_action: count.up, retry: &r { base: 1s }, transitions: &t [{ event: go, target: b }] }
      - { <<: *work, name: b, initial: false, transitions: [{ event: end, target: c }] }
      - { name: c, retry: { <<: [{ base: 2s }, *r], cap: 9s }, final: true }
`;
    const { sources, problems } = loadYamlText(one(states), 'm.yaml');
    expect(problems).toEqual([]);
    expect(sources[0]?.definition).toMatchObject({
      initial: 'a',
      states: {
        b: {
          name: 'b',
          doAction: 'count.up',
          retry: { baseMs: 1000 },
          transitions: { end: { target: 'c' } },
        },
        c: { retry: { baseMs: 2000, capMs: 9000 } },
      },
    });
    expect(Object.keys(sources[0]!.definition.states['b']!.transitions)).toEqual(['end']);
  });

  it('takes names that every object has', () => {
    const states = `      - { name: __proto__, initial: true, transitions: [{ event: constructor, target: toString }] }
      - { name: toString, final: true }
      - { name: hasOwnProperty, __proto__: 1, final: true }
`;
    expect(check(one(states))).toEqual(['6 unknown-key', '6 unreachable-state']);
  });
});

describe('alias bombs', () => {
  const row = (alias: string): string => `[${Array.from({ length: 9 }, () => alias).join(', ')}]`;

  it('are refused where they multiply', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const bomb = levels.map((level, i) => `${level}: &${level} ${row(i === 0 ? 'x' : `*${levels[i - 1]}`)}`).join('\n');
    expect(check(bomb)).toContain('1 alias-bomb');
  });

  it('are refused where they are many', () => {
    const text = one(`      - &s { name: a, initial: true, final: true }\n${'      - *s\n'.repeat(1001)}`);
    expect(check(text)).toEqual(['1005 alias-bomb']);
  });

  it('are refused where each use is large', () => {
    const transitions = Array.from({ length: 2000 }, (_, i) => `          - { event: e${i}, target: a }\n`).join('');
    const first = `      - name: a\n        initial: true\n        transitions: &t\n${transitions}`;
    const more = Array.from({ length: 900 }, (_, i) => `      - { name: s${i}, transitions: *t }\n`).join('');
    const began = process.cpuUsage();
    expect(check(one(first + more))).toContain('1 alias-bomb');
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(10_000); // ms of this process: others may be busy
  });

  it('are not what a hundred uses of one anchor are', () => {
    const states = Array.from(
      { length: 150 },
      (_, i) => `      - { name: s${i}, retry: *r, transitions: [{ event: go, target: s${i + 1} }] }\n`,
    ).join('');
    const text = one(
      `      - { name: a, initial: true, retry: &r { base: 1s }, transitions: [{ event: go, target: s0 }] }\n${states}      - { name: s150, final: true }\n`,
    );
    expect(check(text)).toEqual([]);
  });
});
