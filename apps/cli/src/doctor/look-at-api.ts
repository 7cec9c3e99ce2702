import { StileApiError, StileConnectionError, type StileClient } from '@stile/client';
import { bad, ok, warn, type Finding } from './finding';

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
  return warn('failures', `${count} machines have failed, in ${groups.length} ways`, 'stile failures');
}
