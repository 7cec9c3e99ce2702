import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface HttpClient {
  send(method: string, path: string, payload?: unknown): Promise<Answer>;
  close(): void;
}

/** A plain client on kept connections: fetch would take longer than what is measured. @param sockets at most, at the same time */
export function httpClient(port: number, sockets = 1): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const send = (method: string, path: string, payload?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = payload === undefined ? undefined : JSON.stringify(payload);
      const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.on('error', reject).end(text);
    });
  return { send, close: () => agent.destroy() };
}
