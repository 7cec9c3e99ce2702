import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of its own in a folder, made with openssl. */
export class Authority {
  readonly ca: string;
  private readonly root: Pair;

  constructor(
    private readonly dir: string,
    private readonly name: string,
  ) {
    this.root = this.paths(name);
    this.ca = this.root.cert;
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-keyout', this.root.key, '-out', this.root.cert];
    openssl('req', '-x509', ...NEW_KEY, ...subject);
  }

  /** @param names such as `IP:127.0.0.1` or `DNS:redis.internal` */
  issue(name: string, ...names: string[]): Pair {
    const pair = this.paths(`${this.name}-${name}`);
    const request = join(this.dir, `${name}.csr`);
    const extensions = join(this.dir, `${name}.ext`);
    openssl('req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', pair.key, '-out', request);
    writeFileSync(extensions, names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`);
    const signed = ['-CA', this.root.cert, '-CAkey', this.root.key, '-CAcreateserial', '-days', '2', '-extfile', extensions];
    openssl('x509', '-req', '-in', request, '-out', pair.cert, ...signed);
    return pair;
  }

  private paths(name: string): Pair {
    return { cert: join(this.dir, `${name}.pem`), key: join(this.dir, `${name}.key`) };
  }
}

/** An elliptic curve: an RSA key would take a second to make. */
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
