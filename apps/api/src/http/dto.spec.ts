import { IsInt, IsString } from 'class-validator';
import { ApiProblem, type FieldProblem } from '../problems/api-problem';
import { toDto } from './dto';
import { Optional } from './optional.decorator';
import { IsContext } from './validators';

class Sample {
  @IsString()
  name!: string;

  @Optional()
  @IsInt()
  count?: number;

  @Optional()
  @IsContext()
  context?: object;
}

function problemsOf(body: unknown): readonly FieldProblem[] {
  try {
    toDto(Sample, body);
  } catch (error) {
    if (error instanceof ApiProblem) return error.errors ?? [];
    throw error;
  }
  return [];
}

describe('toDto', () => {
  it('takes values as they are, whatever their keys', () => {
    const context = { constructor: 'a', toString: 'b', list: [1, { deep: null }] };
    const dto = toDto(Sample, { name: 'n', context });
    expect(dto).toBeInstanceOf(Sample);
    expect(dto.context).toBe(context);
  });

  it('converts nothing', () => {
    expect(problemsOf({ name: 1, count: '1' })).toEqual([
      { field: 'name', problem: 'must be a string' },
      { field: 'count', problem: 'must be an integer number' },
    ]);
  });

  it.each(['more', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])('refuses the field %s', (field) => {
    const body = JSON.parse(`{"name":"n","${field}":{}}`) as unknown;
    expect(problemsOf(body)).toEqual([{ field, problem: 'is not known here; known are: name, count, context' }]);
  });

  it.each([undefined, null, 'text', 1, true, []])('refuses %p as a body', (body) => {
    expect(problemsOf(body)).toEqual([{ field: '', problem: expect.stringContaining('must be a JSON object') }]);
  });

  it('finds __proto__ however deep, and does not fall over depth', () => {
    const deep = (inside: string): unknown =>
      JSON.parse(`{"name":"n","context":${'{"a":'.repeat(50_000)}${inside}${'}'.repeat(50_000)}}`);
    expect(problemsOf(deep('{"__proto__":1}'))).toEqual([
      { field: 'context', problem: expect.stringMatching(/not allowed: context\.a\.a/) },
    ]);
    expect(problemsOf(deep('1'))).toEqual([]);
  });
});
