import { bindAll } from '../core/bind';
import { formatProblem } from '../core/errors';
import { BAD_WAITING_YAML, waitingMachine as text } from './bad-yaml.fixtures';
import { loadYamlText } from './yaml-loader';

const ACTIONS = new Map([['act', () => undefined]]);

/** Line and rule of what reading and binding find. */
function check(text: string): string[] {
  const { sources, problems } = loadYamlText(text, 'm.yaml');
  return [...problems, ...bindAll(sources, ACTIONS).problems].map(({ line, rule }) => `${line} ${rule}`);
}

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

it.each(BAD_WAITING_YAML)('finds %s', (_name, machine, fields, expected) =>
  expect(check(text(machine, fields))).toEqual(expected),
);

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
