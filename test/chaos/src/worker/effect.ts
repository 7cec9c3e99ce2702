import { Agent, request } from 'node:http';

export interface EffectRequest {
  readonly correlationId: string;
  readonly runId: string;
  readonly key: string;
  readonly fence: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** @throws Error when the sink cannot be reached: the attempt then fails, and the next one sends the same key */
export function postEffect(sink: string, effect: EffectRequest): Promise<void> {
  const body = JSON.stringify(effect);
  return new Promise((resolve, reject) => {
    const sent = request(`${sink}/effects`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`the sink answered ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
