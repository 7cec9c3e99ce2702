import { bindAll } from '../core/bind';
import { formatProblem } from '../core/errors';
import { loadYamlText } from './yaml-loader';

const ACTIONS = new Map([['act', () => undefined]]);

/** Line and rule of what reading and binding find. */
function check(text: string): string[] {
  const { sources, problems } = loadYamlText(text, 'm.yaml');
  return [...problems, ...bindAll(sources, ACTIONS).problems].map(({ line, rule }) => `${line} ${rule}`);
}

/** Lines 3 and up are `machine`, the state `a` with `fields` follows. */
const text = (machine: string, fields: string): string => `machines:
  - name: m
${machine}    states:
      - name: a
        initial: true
        transitions: [{ event: go, target: b }, { event: late, target: end }, { event: note, action: act }]
${fields}      - { name: b, transitions: [{ event: stop, target: end }] }
      - { name: end, final: true }
`;

it('reads all that waits, retries and ends late', () => {
  const machine = `    retry: { base: 1s, factor: 1.5, jitter: none, retryable: [E, "500"] }
    deadline: { after: 1h, event: late }
    on_cancel: b
    inbox_limit: 7
`;
  const fields = `        after: { 24h: go, 30s: note, 500ms: late }
        events: { stop: reject }
        timeout: 10s
`;
  const { sources, problems } = loadYamlText(text(machine, fields), 'm.yaml');
  expect([...problems, ...bindAll(sources, ACTIONS).problems]).toEqual([]);
  const { definition } = sources[0]!;
  expect(definition).toMatchObject({
    retry: { baseMs: 1000, factor: 1.5, jitter: 'none', retryable: ['E', '500'] },
    deadline: { afterMs: 3_600_000, event: 'late' },
    onCancel: 'b',
    inboxLimit: 7,
  });
  expect(definition.states['a']).toEqual({
    name: 'a',
    final: false,
    after: [
      { afterMs: 500, event: 'late' },
      { afterMs: 30_000, event: 'note' },
      { afterMs: 86_400_000, event: 'go' },
    ],
    events: { stop: 'reject' },
    timeoutMs: 10_000,
    transitions: {
      go: { event: 'go', target: 'b', local: false },
      late: { event: 'late', target: 'end', local: false },
      note: { event: 'note', target: 'a', action: 'act', local: false, internal: true },
    },
  });
});

it('reads a deadline without an event, and leaves out what is not there', () => {
  const { sources } = loadYamlText(text('    deadline: 90s\n', '        after: {}\n'), 'm.yaml');
  expect(sources[0]?.definition.deadline).toEqual({ afterMs: 90_000 });
  expect(Object.keys(sources[0]!.definition.states['a']!)).toEqual(['name', 'final', 'transitions']);
});

it.each<[string, string, string, string[]]>([
  ['a duration that is none', '', '        after:\n          30s: go\n          soon: late\n', ['9 bad-number']],
  ['a timer without a unit', '', '        after: { 30: go }\n', ['7 bad-number']],
  ['a timer without an event', '', '        after: { 30s: }\n', ['7 empty']],
  ['a timer that is no name', '', '        after: { ~: go }\n', ['7 wrong-type']],
  [
    'one time written twice',
    '',
    '        after:\n          1m: go\n          30s: late\n          60s: late\n',
    ['10 duplicate-timer'],
  ],
  ['one key written twice', '', '        after:\n          1m: go\n          1m: late\n', ['9 duplicate-key']],
  ['a timer for an event that the state lacks', '', '        after:\n          1m: go\n          1s: stop\n', ['9 timer-event']],
  ['timers that are a list', '', '        after: [30s]\n', ['7 wrong-type']],
  ['an unknown policy', '', '        events:\n          stop: drop\n', ['8 bad-policy']],
  ['a policy for an event that no state has', '', '        events:\n          stp: ignore\n', ['8 policy-event']],
  [
    'a policy beside a transition',
    '',
    '        events:\n          stop: ignore\n          go: ignore\n',
    ['9 policy-with-transition'],
  ],
  ['a timeout without a unit', '', '        timeout: 10\n', ['7 wrong-type']],
  ['a timeout that is too long', '', '        timeout: 2d\n', ['7 bad-number']],
  ['a deadline that is too short', '    deadline: 5ms\n', '', ['3 bad-number']],
  ['a deadline without a time', '    deadline: { event: go }\n', '', ['3 empty']],
  ['a deadline event that no state has', '    deadline:\n      after: 1h\n      event: lte\n', '', ['5 deadline-event']],
  ['an unknown field of the deadline', '    deadline: { after: 1h, evnt: go }\n', '', ['3 unknown-key']],
  ['a clean-up state that is not there', '    on_cancel: c\n', '', ['3 missing-target']],
  ['a clean-up state that is no name', '    on_cancel: [b]\n', '', ['3 wrong-type']],
  ['no room in the inbox', '    inbox_limit: 0\n', '', ['3 bad-number']],
  ['a factor below 1', '    retry:\n      base: 1s\n      factor: 0\n', '', ['5 bad-number']],
  ['another jitter', '', '        retry:\n          jitter: some\n', ['8 bad-jitter']],
  ['codes that are no list', '', '        retry: { retryable: E }\n', ['7 wrong-type']],
  ['no codes', '', '        retry: { retryable: [] }\n', ['7 empty']],
  ['a code that is a number', '', '        retry: { retryable: [E, 500] }\n', ['7 wrong-type']],
])('finds %s', (_name, machine, fields, expected) => expect(check(text(machine, fields))).toEqual(expected));

it('refuses what has neither target nor action, and what is local without a target', () => {
  const states = `      - name: a
        initial: true
        transitions:
          - { event: go, target: a }
          - { event: x }
          - event: y
            action: act
            local: true
          - { event: z, target: }
`;
  expect(check(`machines:\n  - name: m\n    states:\n${states}      - { name: end, final: true }\n`)).toEqual([
    '12 empty',
    '8 empty',
    '11 internal-local',
    '13 unreachable-state',
    '4 no-way-to-end',
  ]);
});

it('says what is wrong in the words of YAML', () => {
  const { sources, problems } = loadYamlText(
    text('', '        after: { soon: go }\n        events: { stop: ignroe }\n'),
    'm.yaml',
  );
  expect([...problems, ...bindAll(sources, ACTIONS).problems].map(formatProblem)).toEqual([
    'm.yaml:7: error: a timer of state "a" is "soon"; give a duration such as 30s, 5m or 2h [bad-number]',
    'm.yaml:8: error: policy of state "a" for event "stop" is "ignroe"; did you mean "ignore"? [bad-policy]',
  ]);
});
