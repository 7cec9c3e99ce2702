import type { Fault } from './config-error';
import type { ConfigWithoutRedis } from './stile-config';

/** A worker that is to serve what is not there serves it in vain: whoever wrote that has counted wrong, and others are not served. */
export function partitionFaults({ partitions, servePartitions }: ConfigWithoutRedis): Fault[] {
  const beyond = servePartitions?.filter((partition) => partition >= partitions) ?? [];
  if (beyond.length === 0) return [];
  const problem = `there is no partition ${beyond.join(', ')}: STILE_PARTITIONS is ${partitions}, so they are 0 to ${partitions - 1}`;
  return [{ variable: 'STILE_SERVE_PARTITIONS', value: servePartitions?.join(','), problem }];
}
