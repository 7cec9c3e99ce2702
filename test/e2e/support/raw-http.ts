import { Agent, request } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Asking {
  readonly method?: string;
  /** As it goes over the wire: nothing in it is mended. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Does not wait for the end of the answer. */
  readonly headOnly?: boolean;
}

/** Requests as they are written, over a few kept connections. */
export class RawHttp {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly port: number;

  constructor(app: NestExpressApplication) {
    this.port = (app.getHttpServer().address() as { port: number }).port;
  }

  ask({ method = 'GET', path, headers = {}, body, headOnly = false }: Asking): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const typed =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, method, path, agent: this.agent, headers: { ...typed, ...headers } },
        (response) => {
          let answer = '';
          const status = response.statusCode ?? 0;
          const done = (): void => resolve({ status, text: answer, code: codeOf(answer), headers: response.headers });
          if (headOnly) {
            done();
            sent.destroy();
            return;
          }
          response.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
          response.on('end', done).on('error', reject);
        },
      );
      sent.on('error', (error) => (headOnly ? undefined : reject(error)));
      sent.end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
