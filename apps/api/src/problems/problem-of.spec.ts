import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import * as machine from '@stile/machine';
import { ApiProblem } from './api-problem';
import { PROBLEMS } from './codes';
import { problemOf } from './problem-of';

describe('problemOf', () => {
  it.each([
    [new machine.UnknownMachineError('a', ['b']), 422],
    [new machine.UnknownVersionError('a', 2, [1]), 422],
    [new machine.InvalidStartError('state', 'x', 'is "x"'), 422],
    [new machine.ContextError('$.a', 'is a BigInt'), 422],
    [new machine.ContextTooLargeError(2, 1), 413],
    [new machine.QuarantinedError('a', 'garbage'), 409],
    [new machine.StoreUnavailableError(new Error('10.0.0.1')), 503],
    [new machine.StoreUnfitError('policy'), 503],
    [new machine.MachineNotFoundError('a'), 404],
    [new machine.MachineEndedError('a', 'failed'), 409],
    [new machine.EventRejectedError('a', 's', 'e'), 409],
    [new machine.SteeringRefusedError('edit', 'a', 'running', 'pause it'), 409],
    [new machine.RevisionError('a', '1', '2'), 409],
    [new machine.CallbackGoneError(), 410],
    [new machine.UndeclaredEventError('a', 1, 'e', []), 422],
    [new machine.InvalidEventError('event', 'x', 'is "x"'), 422],
    [new machine.InvalidActError('state', 'x', 'is "x"'), 422],
    [new machine.ResultError('data is too deep'), 422],
    [new machine.FailureGroupNotFoundError('0123456789abcdef'), 404],
    [new machine.InboxFullError('a', 1000), 429],
  ])('%s has a status of its own', (error, status) => {
    expect(problemOf(error, '/p')).toMatchObject({ status, code: error.code, instance: '/p' });
  });

  it('names the field of a filter that cannot be used', () => {
    expect(problemOf(new machine.InvalidFilterError('cursor', 'is "x"; leave it out'), '/p')).toMatchObject({
      ...{ status: 400, code: 'VALIDATION_FAILED', detail: 'cursor is "x"; leave it out' },
      errors: [{ field: 'cursor', problem: 'is "x"; leave it out' }],
    });
  });

  it('does not tell where the store is', () => {
    const problem = problemOf(new machine.StoreUnavailableError(new Error('connect 10.0.0.1:6379')), '/p');
    expect(JSON.stringify(problem)).not.toContain('10.0.0.1');
  });

  it('keeps the status of refusals it has no code for', () => {
    expect(problemOf(new HttpException('slow down', 429), '/p')).toMatchObject({
      status: 429,
      code: 'REQUEST_REFUSED',
    });
  });

  it.each([
    [new BadRequestException('bad'), 400, 'MALFORMED_REQUEST'],
    [Object.assign(new Error('big'), { status: 413 }), 413, 'CONTENT_TOO_LARGE'],
    [new HttpException('secret', 502), 500, 'INTERNAL'],
    [new Error('secret'), 500, 'INTERNAL'],
    ['secret', 500, 'INTERNAL'],
    [undefined, 500, 'INTERNAL'],
    [new machine.DefinitionError([]), 500, 'INTERNAL'],
  ])('%s', (error, status, code) => {
    const problem = problemOf(error, '/p');
    expect(problem).toMatchObject({ status, code, title: PROBLEMS[code as keyof typeof PROBLEMS].title });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it.each([
    ['start', machine.InvalidStartError],
    ['event', machine.InvalidEventError],
    ['act', machine.InvalidActError],
  ])('names the field of a(n) %s that cannot be used once', (_what, Type) => {
    const { detail, errors } = problemOf(new Type('state', 'x', 'is "x"; it has: a, b'), '/p');
    expect(detail).toBe('state is "x"; it has: a, b');
    expect(errors).toEqual([{ field: 'state', problem: 'is "x"; it has: a, b' }]);
  });

  it('says in its detail what is wrong with a lone field', () => {
    expect(problemOf(ApiProblem.invalid([{ field: 'a', problem: 'is 1' }]), '/p').detail).toBe('a is 1');
    expect(problemOf(ApiProblem.invalid([{ field: '', problem: 'is 1' }]), '/p').detail).toBe('the body is 1');
  });

  it('keeps tokens of callbacks out of what it says of routes that are not there', () => {
    const { detail } = problemOf(new NotFoundException('Cannot GET /v1/callbacks/secret/x?y=1'), '/p');
    expect(detail).toMatch(/^Cannot GET \/v1\/callbacks\/\*\*\*\/x/);
  });

  it('lists fields at fault', () => {
    const errors = [{ field: 'a', problem: 'must be a string' }];
    expect(problemOf(ApiProblem.invalid(errors), '/p')).toMatchObject({ status: 400, errors });
  });
});
