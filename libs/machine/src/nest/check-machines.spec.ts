import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { checkMachines } from './check-machines';
import { Action, State, StateMachine } from './decorators';
import { loadMachines, type LoadedMachines } from './load-machines';

@StateMachine({ name: 'lamp' })
class Lamp {
  constructor() {
    throw new Error('a check makes no provider');
  }
  @State({ initial: true, on: { pressed: 'nowhere' } })
  off() {
    return 'pressed';
  }
}

@Action('lamp.glow')
class Glow {
  execute() {}
}

@Module({})
class More {}

describe('checkMachines', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'stile-check-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const load = (yaml: string): LoadedMachines => {
    writeFileSync(join(dir, 'm.yaml'), yaml);
    return loadMachines(['m.yaml'], dir);
  };
  const nothing: LoadedMachines = { machines: [], providers: [], imports: [], problems: [] };
  const lamp = (action: string): string =>
    `machines:\n  - name: lamp\n    states:\n      - name: on\n        initial: true\n        final: true\n        do_action: ${action}\n`;

  it('tells what is wrong with classes without making any', () => {
    const { problems, machines } = checkMachines({ ...nothing, providers: [Lamp] });
    expect(machines.map(({ definition }) => definition.name)).toEqual(['lamp']);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ rule: 'missing-target', where: expect.stringContaining('Lamp') }]);
  });

  it('tells problems of files and of definitions together, with file and line', () => {
    const { problems } = checkMachines(load(lamp('a.b').replace('final: true', 'fina: true')));
    expect(problems.filter(({ severity }) => severity === 'error').map(({ file, line }) => `${file}:${line}`)).toContain(
      'm.yaml:6',
    );
  });

  it('looks actions up where code was loaded', () => {
    const misspelt = { ...load(lamp('lamp.glwo')), providers: [Glow] };
    expect(checkMachines(misspelt)).toMatchObject({
      actionsChecked: true,
      problems: [{ rule: 'unknown-action', file: 'm.yaml', line: 7, message: expect.stringContaining('lamp.glow') }],
    });
    expect(checkMachines({ ...load(lamp('lamp.glow')), providers: [Glow] }).problems).toEqual([]);
  });

  it('does not judge actions without code, or beside modules that may bring more', () => {
    expect(checkMachines(load(lamp('lamp.glwo')))).toMatchObject({ actionsChecked: false, problems: [] });
    const modular = { ...load(lamp('lamp.glwo')), providers: [Glow], imports: [More] };
    expect(checkMachines(modular)).toMatchObject({ actionsChecked: false, problems: [] });
  });
});
