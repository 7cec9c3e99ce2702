import { Redis } from 'ioredis';
import { adminOf } from '../support/admin';
import { serverTimeMs, testRedisUrl, uniquePrefix, waitFor } from '../support/redis';

describe('test support', () => {
  it('gives each test a prefix of its own that is safe in keys', () => {
    expect(uniquePrefix('A label: {odd}')).toMatch(/^test-a-label-odd-[0-9a-f]{12}$/);
    expect(uniquePrefix()).toMatch(/^test-[0-9a-f]{12}$/);
    expect(uniquePrefix()).not.toBe(uniquePrefix());
  });

  it('waits until a condition is truthy, and returns what it said', async () => {
    let asked = 0;
    const condition = () => {
      if (++asked === 1) throw new Error('not yet');
      return asked < 4 ? 0 : { asked };
    };
    expect(await waitFor(condition, { what: 'the fourth call', everyMs: 1 })).toEqual({ asked: 4 });
  });

  it('says what it waited for in vain, with the last value or error', async () => {
    const options = { what: 'rain', timeoutMs: 20, everyMs: 5 };
    await expect(waitFor(() => null, options)).rejects.toThrow('waited 20 ms in vain for: rain; last value: null');
    await expect(waitFor(() => Promise.reject(new Error('drought')), options)).rejects.toThrow(
      /rain; last error: Error: drought/,
    );
  });

  it('tells the time of the server, which keeps data in an append-only file', async () => {
    const redis = new Redis(testRedisUrl());
    try {
      const before = await serverTimeMs(redis);
      expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
      expect(await serverTimeMs(redis)).toBeGreaterThan(before);
      expect(await adminOf(redis).config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
    } finally {
      await redis.quit();
    }
  });
});
