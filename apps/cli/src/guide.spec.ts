import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCommands } from './completion/describe';
import { EXIT } from './exit-codes';
import { makeProgram } from './program';

const guide = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'guide', 'commands.md'), 'utf8');
const lines = [...guide.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.split('\n'));
/** What follows `stile`, without comments and quoted texts. */
const typed = lines.flatMap(
  (line) => /(?:^|\| |<\()stile (?!\(\))([^|)#]*)/.exec(line.replace(/'[^']*'/g, "'…'"))?.[1]?.trim() ?? [],
);
const commands = describeCommands(makeProgram()).filter(({ name }) => name !== 'help');

describe('the guide of the commands', () => {
  it('has a line for each of them', () => {
    const shown = new Set(typed.map((line) => line.split(' ')[0]));
    expect([...shown].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it.each(typed)('stile %s', (line) => {
    const [name, ...words] = line.split(/\s+/);
    const command = commands.find((known) => known.name === name);
    const known = command?.options.flatMap(({ names }) => names);
    expect(words.filter((word) => word.startsWith('--') && !known?.includes(word))).toEqual([]);
  });

  it('tells every exit code', () => {
    const told = [...guide.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(EXIT));
  });
});
