import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { duration, json, jsonObject, machineRef, tag, time, wholeNumber } from './arguments';
import { filterOf, isEmpty, withFilter, type FilterOptions } from './filter';

describe('arguments', () => {
  it('JSON comes as it is or from a file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'stile-arguments-'));
    const file = join(dir, 'context.json');
    writeFileSync(file, '{"a": 1}');
    expect(json('[null]')).toEqual([null]);
    expect(jsonObject(`@${file}`)).toEqual({ a: 1 });
    expect(() => json(`@${file}.gone`)).toThrow(/cannot be read.*ENOENT/);
    rmSync(dir, { recursive: true });
  });

  it.each(['', '{a: 1}', 'text'])('%j is no JSON', (text) => {
    expect(() => json(text)).toThrow(/give JSON, or @ and the name of a file/);
  });

  it.each(['[]', 'null', '3', '"a"'])('%s is no object', (text) => {
    expect(() => jsonObject(text)).toThrow(/give a JSON object/);
  });

  it('tags add up; a value may hold an equals sign, or be empty', () => {
    expect(tag('c=', tag('a=b=c'))).toEqual({ a: 'b=c', c: '' });
    for (const wrong of ['a', '=b', '']) expect(() => tag(wrong)).toThrow(/give key=value/);
  });

  it('times are ISO 8601, or a duration back from now', () => {
    expect(time('2026-12-24T18:00:00+01:00')).toBe('2026-12-24T17:00:00.000Z');
    const ago = Date.now() - Date.parse(time('2h'));
    expect(Math.abs(ago - 7_200_000)).toBeLessThan(5000);
    for (const wrong of ['soon', '12', '2026-13-01']) expect(() => time(wrong)).toThrow(/give a time/);
  });

  it('durations have a unit, numbers a range', () => {
    expect(duration('1.5s')).toBe(1500);
    expect(() => duration('5')).toThrow(/unit/);
    const upToTen = wholeNumber(1, 10);
    expect(upToTen('10')).toBe(10);
    for (const wrong of ['0', '11', '1e1', '', ' 5', '0x3']) expect(() => upToTen(wrong)).toThrow('from 1 to 10');
  });

  it('machines have a name, and maybe a version', () => {
    expect(machineRef('order')).toEqual({ machine: 'order' });
    expect(machineRef('order@12')).toEqual({ machine: 'order', version: 12 });
    for (const wrong of ['order@', 'order@0', 'a b', '@1', 'a@b']) expect(() => machineRef(wrong)).toThrow(/order@2/);
  });
});

describe('filters', () => {
  const parse = (...args: string[]): FilterOptions =>
    withFilter(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
      .parse(args, { from: 'user' })
      .opts();

  it('hold what was given, and nothing else', () => {
    const args = ['--machine', 'order@2', '--status', 'failed, paused', '--tag', 'shop=berlin', '--id-prefix', 'o-'];
    const filter = filterOf(parse(...args));
    const tag = { key: 'shop', value: 'berlin' };
    expect(filter).toEqual({ machine: 'order', version: 2, status: ['failed', 'paused'], tag, idPrefix: 'o-' });
    expect(isEmpty(filter)).toBe(false);
    expect(isEmpty(filterOf(parse()))).toBe(true);
  });

  it('name the statuses there are', () => {
    expect(() => parse('--status', 'broken')).toThrow(/"broken" is none of queued, running/);
  });
});
