/** YAML with one mistake each, and `line rule` of what reading and binding find. */
type BadYaml = readonly [name: string, text: string, found: string[]];

/** A machine `m` of the given states, after lines of its own. */
export const oneMachine = (states: string, machine = ''): string => `machines:\n  - name: m\n${machine}    states:\n${states}`;

export const BAD_YAML: readonly BadYaml[] = [
  ['no initial state', oneMachine('      - name: a\n        final: true\n'), ['2 no-initial']],
  [
    'an unreachable state',
    oneMachine('      - { name: a, initial: true, final: true }\n      - { name: b, final: true }\n'),
    ['5 unreachable-state'],
  ],
  ['a way that does not end', oneMachine('      - { name: a, initial: true }\n'), ['2 no-way-to-end']],
  [
    'the same machine twice',
    `${oneMachine('      - { name: a, initial: true, final: true }\n')}  - name: m\n    states: [{ name: a, initial: true, final: true }]\n`,
    ['5 duplicate-machine'],
  ],
  ['nothing', '', ['1 empty']],
  ['only comments', '# nothing\n---\n', ['1 empty']],
  ['no machines', '\nmachines: []\n', ['2 empty']],
  ['no states', 'machines:\n  - name: m\n    states: []\n', ['3 empty']],
  ['no field of states', 'machines:\n  - name: m\n', ['2 empty']],
  ['no name', 'machines:\n  - states: [{ name: a, initial: true, final: true }]\n', ['2 empty']],
  ['a text', 'machines\n', ['1 wrong-type']],
  ['a list', '- machines\n', ['1 wrong-type']],
  ['machines that are no list', '\nmachines: { name: m }\n', ['2 wrong-type']],
  ['states that are no list', 'machines:\n  - name: m\n    states: { a: 1 }\n', ['3 wrong-type']],
  [
    'another key at the top',
    'machine: []\nmachines: [{ name: m, states: [{ name: a, initial: true, final: true }] }]\n',
    ['1 unknown-key'],
  ],
  [
    'a key that is no text',
    'machines:\n  - name: m\n    1: x\n    states: [{ name: a, initial: true, final: true }]\n',
    ['3 unknown-key'],
  ],
  [
    'a key twice',
    'machines:\n  - name: m\n    name: n\n    states: [{ name: a, initial: true, final: true }]\n',
    ['3 duplicate-key'],
  ],
  ['a syntax error', 'machines:\n  - name: "m\n', ['3 yaml-syntax']],
  ['a tab', '\tmachines: []\n', ['1 yaml-syntax']],
  ['a tag', 'machines:\n  - name: !!js/function "m"\n    states: [{ name: a, initial: true, final: true }]\n', ['2 custom-tag']],
  ['an alias without an anchor', 'machines:\n  - *m\n', ['2 unknown-alias']],
  ['an alias inside itself', 'machines: &m\n  - *m\n', ['2 alias-cycle']],
  ['a merge that is no map', oneMachine('      - { name: a, initial: true, final: true, <<: 3 }\n'), ['4 wrong-type']],
  ['an import', 'machines:\n  - import: other.yaml\n', ['2 import-not-allowed']],
  ['too much', `# ${'x'.repeat(262_144)}`, ['undefined too-large']],
  ['too much nesting', `machines: ${'['.repeat(100_000)}`, expect.arrayContaining(['1 yaml-syntax']) as string[]],
];

/** Lines 3 and up are `machine`, the state `a` with `fields` follows. */
export const waitingMachine = (machine: string, fields: string): string => `machines:
  - name: m
${machine}    states:
      - name: a
        initial: true
        transitions: [{ event: go, target: b }, { event: late, target: end }, { event: note, action: act }]
${fields}      - { name: b, transitions: [{ event: stop, target: end }] }
      - { name: end, final: true }
`;

/** Mistakes in a {@link waitingMachine}: lines of the machine, fields of its state. */
export const BAD_WAITING_YAML: readonly (readonly [name: string, machine: string, fields: string, found: string[]])[] = [
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
];
