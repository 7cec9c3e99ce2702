import { spawnSync } from 'node:child_process';
import { makeProgram } from '../program';
import { bashCompletion } from './bash';
import { describeCommands } from './describe';
import { zshCompletion } from './zsh';

const commands = describeCommands(makeProgram());
const bash = bashCompletion(commands);

/** What bash would offer for the last of these words. */
function offered(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const run = `${bash}\nCOMP_WORDS=(stile ${list}); COMP_CWORD=${words.length}; _stile; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', run], { encoding: 'utf8', cwd: __dirname });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('describeCommands', () => {
  it('knows every command, its options and what their values are', () => {
    const graph = commands.find(({ name }) => name === 'graph');
    expect(graph?.values).toEqual([{ kind: 'file' }]);
    const option = (name: string) => graph?.options.find(({ names }) => names.includes(name));
    expect(option('--format')?.value).toMatchObject({ kind: 'words', words: expect.arrayContaining(['svg', 'asl']) });
    expect(option('--out')?.value).toEqual({ kind: 'file' });
    expect(option('--machine')?.value).toEqual({ kind: 'text' });
    expect(option('--json')).toEqual({ names: ['--json'], description: 'print JSON, errors too' });
    expect(commands.find(({ name }) => name === 'validate')).toMatchObject({ variadic: true });
  });
});

describe('bash', () => {
  it('parses', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: bash, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('offers commands', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['up', 'start', 'doctor', 'completion', 'help']));
    expect(offered('re').sort()).toEqual(['rebuild', 'redrive', 'repartition', 'replay', 'resume', 'retry', 'rewrap']);
  });

  it('offers options of a command, and values where there are only some', () => {
    expect(offered('start', 'order', '--co')).toEqual(['--context', '--count']);
    expect(offered('graph', 'order', '--format', 'm')).toEqual(['mermaid']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh']);
    expect(offered('cancel', '--mode', '')).toEqual(['graceful', 'now']);
  });

  it('offers files where there may be files, and nothing where only the user knows', () => {
    expect(offered('validate', 'desc')).toEqual(['describe.ts']);
    expect(offered('import', '--out', 'z')).toEqual(['zsh.ts']);
    expect(offered('start', '--id', 'desc')).toEqual([]);
    expect(offered('get', 'desc')).toEqual([]);
  });
});

describe('zsh', () => {
  const script = zshCompletion(commands);

  it('has a case for every command and its options', () => {
    for (const { name, options } of commands) {
      expect(script).toContain(`\n    ${name})\n      _arguments`);
      for (const option of options.flatMap(({ names }) => names)) expect(script).toContain(`'*${option}[`);
    }
  });

  it('quotes what the shell would take for its own: as words of a POSIX shell it is whole', () => {
    // zsh is not everywhere; bash reads the quotes, blocks and cases that are used here alike.
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
