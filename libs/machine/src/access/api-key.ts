import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isTenant, TENANT_RULE } from '../core/tenant';
import { isName } from '../core/names';

/**
 * `viewer` looks · `starter` starts machines, sends them events, and looks at those whose ids it knows · `operator` does both, and steers ·
 * `admin` everything.
 */
export const ACCESS_ROLES = ['viewer', 'starter', 'operator', 'admin'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** What a key may do. Times are ISO 8601. */
export interface ApiKeyGrant {
  /** What it is for, 1 to 64 characters. */
  readonly name: string;
  readonly role: AccessRole;
  /** Machines of this tenant only. @default all */
  readonly tenant?: string;
  /** Machines of these definitions only. @default all */
  readonly definitions?: readonly string[];
  /** From then on it is refused. @default never */
  readonly expiresAt?: string;
}

/** A key as it is kept. */
export interface ApiKeyRecord extends ApiKeyGrant {
  /** 12 of `a-z2-7`; `stile_<id>` is what is shown of the key. */
  readonly id: string;
  /** SHA-256 of the secret, base64url. */
  readonly hash: string;
  readonly createdAt: string;
}

/** A key as it is listed: nothing that lets anybody in. */
export interface ApiKeyView extends Omit<ApiKeyRecord, 'hash'> {
  /** `stile_<id>`, what the key begins with. */
  readonly prefix: string;
  /** Within a minute; null when it never was. */
  readonly lastUsedAt: string | null;
}

const MAX_NAME = 64;
const MAX_DEFINITIONS = 100;
const KEY = /^stile_([a-z2-7]{12})_([A-Za-z0-9_-]{43})$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** A field of a key cannot be used. */
export class InvalidApiKeyError extends Error {
  constructor(
    /** `name`, `role`, `tenant`, `definitions` or `expires`. */
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
    this.name = 'InvalidApiKeyError';
  }
}

/**
 * A new key: `stile_<id>_<secret>`, the secret of 256 bits. The text is what its owner keeps, the record is what is stored.
 *
 * @throws InvalidApiKeyError
 */
export function makeApiKey(grant: ApiKeyGrant, nowMs: number): { readonly text: string; readonly record: ApiKeyRecord } {
  checkGrant(grant, nowMs);
  const id = [...randomBytes(12)].map((byte) => LETTERS[byte % 32]).join('');
  const secret = randomBytes(32).toString('base64url');
  const { name, role, tenant, definitions, expiresAt } = grant;
  const record = {
    id,
    hash: hashOf(secret),
    createdAt: new Date(nowMs).toISOString(),
    name,
    role,
    tenant,
    definitions,
    expiresAt,
  };
  return { text: `stile_${id}_${secret}`, record };
}

/** Nothing for a text that is no key. */
export function readApiKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Compared in constant time. */
export function opens(record: ApiKeyRecord, secret: string): boolean {
  const wanted = Buffer.from(record.hash, 'base64url');
  const given = Buffer.from(hashOf(secret), 'base64url');
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** @param nowMs of the process that asks: keys end by the clock of the API */
export function hasExpired({ expiresAt }: Pick<ApiKeyGrant, 'expiresAt'>, nowMs: number): boolean {
  // Written so that an end that cannot be read is one that has come.
  return expiresAt !== undefined && !(nowMs < Date.parse(expiresAt));
}

/**
 * Nothing for a record that is not as it should be: of a role that only a later version knows, or of somebody's own making. It lets nobody
 * in then.
 */
export function readApiKeyRecord(id: string, text: string): ApiKeyRecord | undefined {
  try {
    const record = JSON.parse(text) as ApiKeyRecord;
    checkGrant({ ...record, expiresAt: undefined }, 0);
    return record.id === id && typeof record.hash === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One round is enough: a secret of 256 random bits cannot be guessed, however fast guesses are tried. Slow hashes are for what people
 * think up, and would be paid for with every request.
 */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function checkGrant({ name, role, tenant, definitions, expiresAt }: ApiKeyGrant, nowMs: number): void {
  if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME || /\p{Cc}/u.test(name)) {
    throw new InvalidApiKeyError('name', `cannot be used; give 1 to ${MAX_NAME} characters that say what the key is for`);
  }
  if (!ACCESS_ROLES.includes(role)) {
    throw new InvalidApiKeyError('role', `is ${JSON.stringify(role)}; give one of ${ACCESS_ROLES.join(', ')}`);
  }
  if (tenant !== undefined && !(typeof tenant === 'string' && isTenant(tenant))) {
    throw new InvalidApiKeyError('tenant', `is ${JSON.stringify(tenant)}; ${TENANT_RULE}`);
  }
  if (definitions !== undefined && !areDefinitions(definitions)) {
    throw new InvalidApiKeyError('definitions', `cannot be used; give 1 to ${MAX_DEFINITIONS} names of machines`);
  }
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > nowMs)) {
    throw new InvalidApiKeyError('expires', `is ${JSON.stringify(expiresAt)}; give a time to come`);
  }
}

export function areDefinitions(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MAX_DEFINITIONS &&
    value.every((name) => typeof name === 'string' && isName(name))
  );
}
