import { readFileSync } from 'node:fs';
import type { Fault } from './config-error';
import type { ConfigWithoutRedis } from './stile-config';

/** What a client has to know to be let in: what `redis` of StileOptions takes. */
export interface RedisDoor {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
}

/** The fields that make a door. */
export type DoorConfig = Pick<
  ConfigWithoutRedis,
  | 'redisUrl'
  | 'redisUsername'
  | 'redisPasswordFile'
  | 'redisCaFile'
  | 'redisCertFile'
  | 'redisKeyFile'
  | 'redisServername'
  | 'leaseUrl'
  | 'leaseSecondaryUrl'
>;

/** `scheme://user:password@`, also of URLs that name several hosts, which `URL` cannot read. */
const LOGIN = /^([a-z-]+:\/\/)([^@/:]*)(?::([^@/]*))?@/i;

/**
 * Reads the files that the configuration names: passwords and keys are held no longer than a connection needs them.
 *
 * @throws errors of the file system, where a file has gone since `readConfig` looked at it
 */
export function redisDoor(config: DoorConfig & { readonly redisUrl: string }): RedisDoor {
  const { redisUrl, redisUsername, redisPasswordFile, redisCaFile, redisCertFile, redisKeyFile, redisServername } = config;
  const [, scheme = '', user = ''] = redisPasswordFile === undefined ? [] : (LOGIN.exec(redisUrl) ?? []);
  // The client takes a URL with a user and no password for one with an empty password.
  const url = scheme === '' ? redisUrl : redisUrl.replace(LOGIN, scheme);
  const username = redisUsername ?? (user === '' ? undefined : decodeURIComponent(user));
  const tls = {
    ...(redisCaFile === undefined ? {} : { ca: readFileSync(redisCaFile, 'utf8') }),
    ...(redisCertFile === undefined ? {} : { cert: readFileSync(redisCertFile, 'utf8') }),
    ...(redisKeyFile === undefined ? {} : { key: readFileSync(redisKeyFile, 'utf8') }),
    ...(redisServername === undefined ? {} : { servername: redisServername }),
  };
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(redisPasswordFile === undefined ? {} : { password: readPassword(redisPasswordFile) }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
  };
}

/** What does not fit together, and files that cannot be read: told before anything is connected. */
export function doorFaults(config: DoorConfig): Fault[] {
  return [...fileFaults(config), ...loginFaults(config), ...tlsFaults(config)];
}

function fileFaults({ redisPasswordFile, redisCaFile, redisCertFile, redisKeyFile }: DoorConfig): Fault[] {
  const files = [
    ['STILE_REDIS_PASSWORD_FILE', redisPasswordFile],
    ['STILE_REDIS_CA_FILE', redisCaFile],
    ['STILE_REDIS_CERT_FILE', redisCertFile],
    ['STILE_REDIS_KEY_FILE', redisKeyFile],
  ] as const;
  return files.flatMap(([variable, value]) => {
    const problem = value === undefined ? undefined : problemOfFile(value);
    return problem === undefined ? [] : [{ variable, value, problem }];
  });
}

function problemOfFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() === '' ? 'the file is empty' : undefined;
  } catch (error) {
    return `it cannot be read (${(error as NodeJS.ErrnoException).code}); give the path of a file that this process may read`;
  }
}

function loginFaults({ redisUrl, redisUsername: user, redisPasswordFile: file }: DoorConfig): Fault[] {
  const [login, , urlUser = '', urlPassword = ''] = (redisUrl === undefined ? undefined : LOGIN.exec(redisUrl)) ?? [];
  const faults: Fault[] = [];
  if (user !== undefined && file === undefined) {
    faults.push({
      variable: 'STILE_REDIS_USERNAME',
      value: user,
      problem: 'its password is missing: name the file that holds it in STILE_REDIS_PASSWORD_FILE',
    });
  }
  if (file !== undefined && redisUrl === undefined) {
    faults.push({
      variable: 'STILE_REDIS_PASSWORD_FILE',
      value: file,
      problem: 'STILE_REDIS_URL is unset: name the Redis that the password is for, or unset this one',
    });
  }
  if (login === undefined) return faults;
  if (user !== undefined && urlUser !== '') {
    faults.push({ variable: 'STILE_REDIS_USERNAME', value: user, problem: 'STILE_REDIS_URL names a user, too; keep one of them' });
  }
  if (file !== undefined && urlPassword !== '') {
    const problem = 'STILE_REDIS_URL holds a password, too; keep one of them, the file by preference';
    faults.push({ variable: 'STILE_REDIS_PASSWORD_FILE', value: file, problem });
  }
  return faults;
}

function tlsFaults(config: DoorConfig): Fault[] {
  const { redisCaFile, redisCertFile, redisKeyFile, redisServername } = config;
  const given = [
    ['STILE_REDIS_CA_FILE', redisCaFile],
    ['STILE_REDIS_CERT_FILE', redisCertFile],
    ['STILE_REDIS_KEY_FILE', redisKeyFile],
    ['STILE_REDIS_SERVERNAME', redisServername],
  ] as const;
  const faults: Fault[] = [];
  const secure = [config.redisUrl, config.leaseUrl, config.leaseSecondaryUrl].some((url) => url !== undefined && /^rediss/i.test(url));
  if (!secure) {
    const problem = 'no URL asks for TLS: begin STILE_REDIS_URL with rediss://, with two s, or unset this one';
    for (const [variable, value] of given) if (value !== undefined) faults.push({ variable, value, problem });
  }
  if ((redisCertFile === undefined) !== (redisKeyFile === undefined)) {
    const [variable, other] =
      redisKeyFile === undefined
        ? ['STILE_REDIS_CERT_FILE', 'STILE_REDIS_KEY_FILE']
        : ['STILE_REDIS_KEY_FILE', 'STILE_REDIS_CERT_FILE'];
    const problem = `${other} is missing: a client's certificate is used together with its key`;
    faults.push({ variable, value: redisCertFile ?? redisKeyFile, problem });
  }
  return faults;
}

/** Without the line break that editors end a file with. */
function readPassword(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
