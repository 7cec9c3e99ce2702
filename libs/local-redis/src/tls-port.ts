import { freePort } from './free-port';

/** PEM files for servers that speak TLS, beside the plain port that they are looked after through. */
export interface LocalTls {
  readonly cert: string;
  readonly key: string;
  /** Of who signs clients' certificates, and those of the servers among themselves. */
  readonly ca: string;
}

/** @returns a free port, and what makes a server, or a sentinel, listen there */
export async function tlsPort({ cert, key, ca }: LocalTls): Promise<{ port: number; settings: Record<string, string> }> {
  const port = await freePort();
  const settings = {
    'tls-port': String(port),
    'tls-cert-file': cert,
    'tls-key-file': key,
    'tls-ca-cert-file': ca,
    'tls-auth-clients': 'optional',
    'tls-replication': 'yes',
  };
  return { port, settings };
}
