import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRAPH_FORMATS } from '@stile/client';
import { importXState } from './import-xstate';
import { readDefinition } from './read-machines';
import { renderGraph } from './render-graph';

const machine = (name: string): string =>
  `  - name: ${name}\n    states:\n      - { name: shut, initial: true, transitions: [{ event: pushed, target: open }] }\n` +
  `      - { name: open, final: true }\n`;

describe('files', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'stile-offline-'))));
  afterAll(() => rmSync(dir, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };

  it('a definition is drawn in every format', async () => {
    const definition = await readDefinition(file('door.yaml', `machines:\n${machine('door')}`));
    expect(definition.name).toBe('door');
    for (const format of GRAPH_FORMATS) {
      const { text } = await renderGraph(definition, format);
      expect(text).toContain('pushed');
      if (['asl', 'xstate', 'json'].includes(format)) expect(JSON.parse(text)).toEqual(expect.any(Object));
    }
  });

  it('one of several has to be named', async () => {
    const path = file('doors.yaml', `machines:\n${machine('front')}${machine('back')}`);
    await expect(readDefinition(path)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('front@1, back@1'),
    });
    expect((await readDefinition(path, { machine: 'back' })).name).toBe('back');
    await expect(readDefinition(path, { machine: 'back', version: 2 })).rejects.toMatchObject({ exitCode: 3 });
  });

  it('what is broken is told with file and line; what is not there, too', async () => {
    const path = file('broken.yaml', `machines:\n${machine('door').replace('target: open', 'target: opne')}`);
    await expect(readDefinition(path)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/broken\.yaml:4: error: .*opne/),
    });
    await expect(readDefinition(join(dir, 'none.yaml'))).rejects.toMatchObject({ exitCode: 3 });
  });

  it('an XState machine is read, or what stands in the way is named', async () => {
    const door = { id: 'door', initial: 'shut', states: { shut: { on: { PUSH: 'open' } }, open: { type: 'final' } } };
    expect((await importXState(file('door.json', JSON.stringify(door)))).yaml).toMatch(/^machines:\n.*name: door/s);
    const parallel = file('parallel.json', JSON.stringify({ ...door, type: 'parallel' }));
    await expect(importXState(parallel)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('parallel') });
    await expect(importXState(file('text.json', '{'))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('not JSON'),
    });
    await expect(importXState(join(dir, 'none.json'))).rejects.toMatchObject({ exitCode: 3 });
  });
});
