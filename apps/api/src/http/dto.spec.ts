import { ApiProblem, MAX_TOLD, type FieldProblem } from '../problems/api-problem';
import { toDto } from './dto';
import { Optional } from './optional.decorator';
import { IsContext, IsItems, IsName, IsTags, IsWhole } from './validators';

class Sample {
  @IsName('the name of a sample')
  name!: string;

  @Optional()
  @IsWhole(0, 10, 'ms')
  count?: number;

  @Optional()
  @IsTags()
  tags?: Record<string, string>;

  @Optional()
  @IsItems(2)
  items?: unknown[];

  @Optional()
  @IsContext()
  context?: object;
}

function problemsOf(body: unknown, place?: string): readonly FieldProblem[] {
  try {
    toDto(Sample, body, place);
  } catch (error) {
    if (error instanceof ApiProblem) return error.errors ?? [];
    throw error;
  }
  return [];
}

const times = (n: number, text: string): string => text.repeat(n);

describe('toDto', () => {
  it('takes values as they are, whatever their keys', () => {
    const context = { constructor: 'a', toString: 'b', list: [1, { deep: null }] };
    const dto = toDto(Sample, { name: 'n', context });
    expect(dto).toBeInstanceOf(Sample);
    expect(dto.context).toBe(context);
  });

  it('tells of so many fields at most, however many there are', () => {
    const body = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 1]));
    expect(problemsOf(body)).toHaveLength(MAX_TOLD);
    expect(() => toDto(Sample, body)).toThrow('100001 fields cannot be used, see errors for the first 20');
  });

  it('converts nothing', () => {
    expect(problemsOf({ name: 1, count: '1' })).toEqual([
      { field: 'name', problem: 'is 1; give the name of a sample' },
      { field: 'count', problem: 'is "1"; give a whole number of ms from 0 to 10' },
    ]);
  });

  it.each([
    ['{}', 'name', 'is missing; give the name of a sample'],
    ['{"name":""}', 'name', 'is ""; give the name of a sample'],
    ['{"name":null}', 'name', 'is null; give the name of a sample'],
    [`{"name":"${times(129, 'n')}"}`, 'name', `is "${times(99, 'n')}…; give the name of a sample`],
    [`{"name":${times(50_000, '[')}${times(50_000, ']')}}`, 'name', 'is an array; give the name of a sample'],
    ['{"name":["$value $property $target"]}', 'name', 'is ["$value $property $target"]; give the name of a sample'],
    ['{"name":"n","count":11}', 'count', 'is 11; give a whole number of ms from 0 to 10'],
    ['{"name":"n","count":0.5}', 'count', 'is 0.5; give a whole number of ms from 0 to 10'],
    ['{"name":"n","count":1e400}', 'count', 'is Infinity; give a whole number of ms from 0 to 10'],
    ['{"name":"n","tags":[1]}', 'tags', 'is [1]; give a JSON object of strings'],
    ['{"name":"n","tags":{"a":1}}', 'tags', 'has 1 as "a"; give a string of up to 128 characters'],
    ['{"name":"n","tags":{"":"a"}}', 'tags', 'has the name ""; give names of 1 to 128 characters, and none that is __proto__'],
    ['{"name":"n","items":{"secret":1}}', 'items', 'is an object; give a list of 1 to 2 items'],
    ['{"name":"n","items":[]}', 'items', 'has no items; give 1 to 2'],
    ['{"name":"n","items":[1,2,3]}', 'items', 'has 3 items; give at most 2, split the rest into further requests'],
    ['{"name":"n","context":"secret"}', 'context', 'is a string; give a JSON object'],
    ['{"name":"n","context":["secret"]}', 'context', 'is an array; give a JSON object'],
  ])('says one thing of a field: %.60s', (text, field, problem) => {
    expect(problemsOf(JSON.parse(text))).toEqual([{ field, problem }]);
  });

  it('says where it is when it is not the body itself', () => {
    expect(problemsOf({ name: 1 }, 'items[3]')).toEqual([{ field: 'items[3].name', problem: expect.any(String) }]);
    expect(problemsOf('n', 'items[3]')).toEqual([
      { field: 'items[3]', problem: 'is a string; give a JSON object with: name, count, tags, items, context' },
    ]);
  });

  it.each(['more', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])('refuses the field %s', (field) => {
    const body = JSON.parse(`{"name":"n","${field}":{}}`) as unknown;
    expect(problemsOf(body)).toEqual([{ field, problem: 'is not known here; known are: name, count, tags, items, context' }]);
  });

  it.each([undefined, null, 'text', 1, true, []])('refuses %p as a body', (body) => {
    expect(problemsOf(body)).toEqual([{ field: '', problem: expect.stringContaining('give a JSON object with: name') }]);
  });

  it('finds __proto__ however deep, and does not fall over depth', () => {
    const deep = (inside: string): unknown =>
      JSON.parse(`{"name":"n","context":${'{"a":'.repeat(50_000)}${inside}${'}'.repeat(50_000)}}`);
    expect(problemsOf(deep('{"__proto__":1}'))).toEqual([
      { field: 'context', problem: expect.stringMatching(/^has a key named __proto__.*: context\.a\.a/) },
    ]);
    expect(problemsOf(deep('1'))).toEqual([]);
  });
});
