import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '@stile/client';
import { EXIT } from './exit-codes';
import { operationText } from './output/operation-text';
import { ProgressLine } from './output/progress-line';
import type { Session } from './session';
import { askedToStop } from './signals';

const FIRST_LOOK_MS = 100;
const LOOK_MS = 1000;

export interface FollowOptions {
  /** Whether to begin it and leave it at that. */
  readonly detach?: boolean;
}

/**
 * Begins an operation and shows how far it is until it has ended. Ctrl-C leaves it running: workers do it, not this process.
 *
 * @param begin starts it under the id it is given, which is known before, so that it can be told at any time
 */
export async function followOperation(
  { client, out }: Session,
  begin: (operationId: string) => Promise<string>,
  { detach = false }: FollowOptions = {},
): Promise<void> {
  const id = randomUUID();
  if (detach) {
    await begin(id);
    return out.result({ operationId: id }, () => `operation ${id}`);
  }
  const left = new AbortController();
  const isLeft = askedToStop().then(() => left.abort());
  const line = new ProgressLine();
  const watch = async (): Promise<Operation | undefined> => {
    await begin(id);
    for (let pauseMs = FIRST_LOOK_MS; !left.signal.aborted; pauseMs = Math.min(LOOK_MS, pauseMs * 1.5)) {
      const operation = await client.operations.get(id);
      if (operation.status !== 'running') return operation;
      line.show(operation.matched, operation.total);
      await Promise.race([delay(pauseMs), isLeft]);
    }
    return undefined;
  };
  try {
    const ended = await watch();
    line.clear();
    if (ended) {
      out.result(ended, (paint) => operationText(ended, paint));
      if (ended.status === 'stopped') process.exitCode = EXIT.failed;
      return;
    }
    out.note(`operation ${id} goes on in the background: "stile operations ${id}" shows it, with --stop it ends`);
    if (out.json) out.result({ operationId: id }, () => '');
    process.exitCode = EXIT.interrupted;
  } finally {
    line.clear();
  }
}
