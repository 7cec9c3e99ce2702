import type { Request } from 'express';
import { StoreUnavailableError } from '@stile/machine';
import { ApiProblem } from '../problems/api-problem';
import { ANYBODY } from './caller';
import { Stay } from './stay';

const request = {} as Request;

function stay(identify: () => Promise<typeof ANYBODY>, isOpen = false): { told: jest.Mock; asked: jest.Mock; stay: Stay } {
  const told = jest.fn();
  const asked = jest.fn(identify);
  return { told, asked, stay: new Stay({ isOpen, identify: asked }, request, told) };
}

it('asks every 15 s, and lets go when the caller would be refused', async () => {
  let good = true;
  const {
    stay: it,
    told,
    asked,
  } = stay(async () => {
    if (good) return ANYBODY;
    throw new ApiProblem('UNAUTHENTICATED', 'revoked');
  });
  for (let at = 0; at <= 30_000; at += 100) await it.tick(at);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(told).not.toHaveBeenCalled();
  good = false;
  await it.tick(45_000);
  expect(told).toHaveBeenCalledTimes(1);
});

it.each([new StoreUnavailableError('away'), new ApiProblem('ISSUER_UNAVAILABLE', 'away')])(
  'turns nobody out for %s',
  async (error) => {
    const { stay: it, told } = stay(() => Promise.reject(error));
    await it.tick(0);
    await it.tick(15_000);
    expect(told).not.toHaveBeenCalled();
  },
);

it('asks nothing where nobody is asked', async () => {
  const { stay: it, asked } = stay(async () => ANYBODY, true);
  await it.tick(0);
  await it.tick(60_000);
  expect(asked).not.toHaveBeenCalled();
});
