import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable } from './config-table';

it('the guide shows the configuration as it is', () => {
  const rows = configTable.map((variable) => {
    const preset = 'default' in variable && variable.default !== '' ? `\`${variable.default}\`` : '';
    return `| \`${variable.name}\` | ${preset} | ${variable.description} |`;
  });
  const table = ['| variable | default | |', '| --- | --- | --- |', ...rows].join('\n');
  expect(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'guide', 'configuration.md'), 'utf8')).toContain(table);
});
