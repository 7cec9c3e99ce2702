import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadYamlFiles, loadYamlText, type Definition, type MachineSource } from '@stile/machine';
import { billing, invoice } from '../../../examples/billing/billing.machine';
import { OrderMachine } from '../../../examples/src/order.machine';
import { Bookings } from '../../../examples/trip/bookings';
import { TripMachine } from '../../../examples/trip/trip.machine';
import { chaosMachines } from '../../../test/chaos/src/worker/machines';
import type { Recorder } from '../../../test/chaos/src/worker/recorder';
import { sourceOfClass } from '../../machine/src/nest/class-source';
import { readStateMachine } from '../../machine/src/nest/metadata';

export const ROOT = join(__dirname, '../../..');

/** The definitions of a class with `@StateMachine`. */
function definitionOf(instance: object): Definition {
  const metadata = readStateMachine(instance.constructor);
  if (!metadata) throw new TypeError(`${instance.constructor.name} is no state machine`);
  return sourceOfClass(instance, metadata).source.definition;
}

export const order = definitionOf(new OrderMachine());
export const trip = definitionOf(new TripMachine(new Bookings()));

/** YAML files of the examples. */
export function yamlFiles(folder = join(ROOT, 'examples')): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return yamlFiles(path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    });
}

/** YAML blocks of a Markdown file. */
export function yamlBlocks(file: string): string[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block = '']) => block);
}

function definitionsOf(sources: readonly MachineSource[]): Definition[] {
  return sources.map(({ definition }) => definition);
}

const GUIDES = ['definitions', 'events', 'timers', 'callbacks', 'steering'].map((name) => `docs/guide/${name}.md`);

/** Something of everything, also what no example has. */
export const FULL_YAML = `machines:
  - name: full
    version: 7
    max_retries: 0
    retry: { base: 100ms, cap: 9s, factor: 1.5, jitter: none }
    queue: slow
    retention: 1s
    deadline: { after: 1h, event: late }
    on_cancel: clean
    inbox_limit: 5
    states:
      - name: begin
        initial: true
        entry_action: audit.enter
        exit_action: audit.leave
        do_action: begin
        events: { stop: reject }
        transitions:
          - { event: go, target: work, action: audit.go }
          - { event: skip, target: end, local: true }
      - name: work
        do_action: work
        retry: { max_retries: 2, retryable: [ECONNRESET, States.Timeout] }
        on_exhausted: stop
        after: { 50ms: nudge, 1500ms: again, 24h: late }
        timeout: 2500ms
        transitions:
          - { event: done, target: end }
          - { event: again, target: work }
          - { event: nudge, action: work.nudge }
          - { event: stop, target: end }
          - { event: late, target: end }
      - name: clean
        transitions: [{ event: done, target: end }]
      - name: end
        final: true
        do_action: tidy
`;
export const full: Definition = loadYamlText(FULL_YAML, 'full.yaml').sources[0]!.definition;

/** Nothing of the chaos suite's machines is run here. */
const silent = { action: (_kind: string, _name: string, run: unknown) => run } as unknown as Recorder;

/** The definitions of examples, guides and tests. */
export const DEFINITIONS: readonly Definition[] = [
  order,
  trip,
  ...definitionsOf([billing, invoice]),
  ...definitionsOf(loadYamlFiles(yamlFiles()).sources),
  ...GUIDES.flatMap((file) => yamlBlocks(file).flatMap((block) => definitionsOf(loadYamlText(block, file).sources))),
  ...definitionsOf(chaosMachines(silent)),
  full,
];

const HOSTILE = [
  '</text><script>alert(1)</script>',
  'a\\',
  '"',
  '\\"',
  '&lt;b&gt;',
  "'\u0000\u001b",
  '__proto__',
  'end',
  '%%',
  '-->',
  '\u{1F600} é',
  '\n',
];

/** Names as far as they may go, and further: what is no valid definition must still be drawn without harm. */
export const hostile: Definition = {
  name: '"]; evil [label="',
  version: 1,
  maxRetries: 5,
  queue: 'q',
  initial: '</text><script>alert(1)</script>',
  states: Object.fromEntries(
    HOSTILE.map((name, index) => [
      name,
      {
        name,
        final: false,
        doAction: '<b>',
        transitions: Object.fromEntries([
          [`e"${index}`, { event: `e"${index}`, target: HOSTILE[(index + 1) % HOSTILE.length]!, action: ']]>', local: false }],
        ]),
      },
    ]),
  ),
};
