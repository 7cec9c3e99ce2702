import { StileApiError, StileConnectionError, type StileClient } from '@stile/client';
import { bad, ok, warn, type Finding } from './finding';
import { isLoopback } from './reach';

export async function lookAtApi(client: StileClient, url: string): Promise<Finding[]> {
  try {
    const { workers } = await client.ready();
    return [ok('API', `${url} is ready, with ${workers} ${workers === 1 ? 'worker' : 'workers'}`), await lookAtFailures(client)];
  } catch (error) {
    if (error instanceof StileConnectionError) {
      return [warn('API', `none answers at ${error.message}`, 'stile api, or set STILE_API_URL to where one is')];
    }
    if (error instanceof StileApiError)
      return [bad('API', `${url}: ${error.detail}`, 'see what is wrong below; its log says more')];
    throw error;
  }
}

async function lookAtFailures(client: StileClient): Promise<Finding> {
  const groups = await client.failures();
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count === 0) return ok('failures', 'no machine has failed');
  const machines = count === 1 ? '1 machine has failed' : `${count} machines have failed`;
  const ways = groups.length === 1 ? 'one way' : `${groups.length} ways`;
  return warn('failures', `${machines}, in ${ways}`, 'stile failures');
}

const ASKED_MS = 5000;

/**
 * Whether it answers somebody who does not say who he is.
 *
 * @param host that an API of this configuration listens on
 */
export async function lookAtDoor(url: string, host: string): Promise<Finding[]> {
  const check = 'API access';
  const open = await isOpen(`${url}/v1/definitions`);
  if (open === undefined) return []; // that nothing answers is told already
  if (!open) return [ok(check, 'it asks who is there')];
  const beyond = [host, new URL(url).hostname].find((name) => !isLoopback(name));
  if (beyond === undefined) return [ok(check, 'open to whoever is on this host')];
  return [
    bad(
      check,
      `open, and reached by ${beyond}: whoever gets there may start, change and cancel all machines`,
      'STILE_HOST=127.0.0.1 stile api, or make it ask who is there: SECURITY.md',
    ),
  ];
}

/** One that refuses the name it was called by answers any program that gives it another. */
async function isOpen(url: string): Promise<boolean | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASKED_MS) });
    const text = await response.text();
    return response.ok || text.includes('"HOST_REFUSED"');
  } catch {
    return undefined;
  }
}
