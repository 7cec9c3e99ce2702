import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The user that the suite's connections are, with the rights that deploy/redis gives to Stile. */
export const SUITE_USER = 'stile-suite';
const PASSWORD = 'of-the-suite-only';

export const USERS_ACL = join(__dirname, '..', '..', 'deploy', 'redis', 'users.acl');

/** The rules of user `stile` as they are deployed: what follows its name, but the password. */
export function stileRules(): string {
  const line = readFileSync(USERS_ACL, 'utf8')
    .split('\n')
    .find((text) => text.startsWith('user stile '));
  const [, rules] = /^user stile on #\S+ (.*)$/.exec(line ?? '') ?? [];
  if (rules === undefined) throw new Error(`${USERS_ACL} has no line "user stile on #<password> <rules>"`);
  return rules;
}

/** An ACL file with those rules for the prefixes of tests. Redis' own `default` user stays, for what only an admin may do. */
export function suiteAcl(): string {
  const rules = stileRules().replaceAll('~{stile:', '~{test-*:').replaceAll('~stile:', '~test-*:');
  return `user default on nopass ~* &* +@all\nuser ${SUITE_USER} on >${PASSWORD} ${rules}\n`;
}

/** The same server, as the suite's user. */
export function asSuiteUser(url: string): string {
  const own = new URL(url);
  own.username = SUITE_USER;
  own.password = PASSWORD;
  return own.href;
}
