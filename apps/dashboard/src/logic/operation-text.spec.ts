import type { Operation } from '../api/types';
import { progressOf, resultsOf, titleOf } from './operation-text';

const operation = (more: Partial<Operation>): Operation => ({
  ...{
    id: 'op',
    status: 'running',
    machine: null,
    tag: null,
    event: null,
    by: '',
    matched: 0,
    delivered: 0,
    kept: 0,
    ignored: 0,
  },
  ...{ refused: 0, gone: 0, reasons: {}, startedAt: '2026-11-28T12:00:00.000Z', finishedAt: null },
  ...more,
});

describe('operations', () => {
  it('have a title', () => {
    expect(titleOf(operation({ act: 'retry', filter: { machine: 'order', status: ['failed'] } }))).toBe(
      'Retry failed machines of order',
    );
    expect(titleOf(operation({ act: 'cancel', filter: { all: true } }))).toBe('Cancel all machines');
    expect(titleOf(operation({ event: 'remind', tag: { key: 'a', value: 'b' } }))).toBe('Send remind to machines tagged a:b');
    expect(titleOf(operation({ act: 'redrive', filter: { failure: 'ff' } }))).toBe('Redrive machines of failure group ff');
  });

  it('have progress, where it is known how many there are', () => {
    expect(progressOf(operation({ matched: 5, total: 20 }))).toBe(0.25);
    expect(progressOf(operation({ matched: 25, total: 20 }))).toBe(1);
    expect(progressOf(operation({ matched: 5, total: null }))).toBeUndefined();
    expect(progressOf(operation({ matched: 5 }))).toBeUndefined();
    expect(progressOf(operation({ status: 'done' }))).toBe(1);
  });

  it('say what became of the machines', () => {
    expect(resultsOf(operation({}))).toEqual(['nothing yet']);
    expect(resultsOf(operation({ act: 'retry', matched: 5, done: 3, refused: 1, gone: 1 }))).toEqual([
      '3 retried',
      '1 refused',
      '1 gone',
    ]);
    expect(resultsOf(operation({ act: 'send', matched: 3, delivered: 3, kept: 2 }))).toEqual([
      '3 reached',
      '2 of them keep it for later',
    ]);
    expect(resultsOf(operation({ act: 'redrive', matched: 3, done: 3, failedAgain: 2 }))).toEqual([
      '3 retried',
      '2 of them failed again',
    ]);
  });
});
