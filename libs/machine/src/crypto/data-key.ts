import { createHmac, randomBytes, type KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './gcm';

/** A master key. Node.js shows nothing of a KeyObject in logs and print-outs. */
export interface EncryptionKey {
  /** 1 to 32 of `A-Z a-z 0-9 _ -`; it is part of what is stored. */
  readonly id: string;
  /** 32 bytes, of `createSecretKey`. */
  readonly key: KeyObject;
}

/** What texts are sealed with, by way of keys derived from it. */
export interface DataKey {
  /** Random, and no part of the secret: it is in every text that is sealed with it. */
  readonly ref: string;
  readonly secret: Buffer;
}

/** What a data key is wrapped with. */
export interface Wrapper {
  readonly id: string;
  readonly secret: Buffer;
}

/** A data key as it is stored: `<ref>.<id of its wrapper>.<base64url>`. */
export interface WrappedKey {
  readonly ref: string;
  readonly wrapperId: string;
  readonly sealed: string;
}

export function makeDataKey(): DataKey {
  return { ref: randomBytes(6).toString('base64url'), secret: randomBytes(32) };
}

/** @param owner whose key it is: it cannot be passed off as another's */
export function wrap({ ref, secret }: DataKey, wrapper: Wrapper, owner: string): string {
  return `${ref}.${wrapper.id}.${encrypt(wrapper.secret, secret, placeOf(owner, ref))}`;
}

/** Nothing where it was wrapped with another key, or for another owner. */
export function unwrap({ ref, sealed }: WrappedKey, wrapper: Wrapper, owner: string): DataKey | undefined {
  const secret = decrypt(wrapper.secret, sealed, placeOf(owner, ref));
  return secret && { ref, secret };
}

/** Of several, separated by spaces. */
export function readWrapped(text: string): WrappedKey[] {
  return text.split(' ').flatMap((each) => {
    const [ref = '', wrapperId = '', sealed] = each.split('.');
    return sealed === undefined ? [] : [{ ref, wrapperId, sealed }];
  });
}

/**
 * A key for one purpose: what is sealed for one machine shares no key with what is sealed for another. HKDF-Expand (RFC 5869) for 32 bytes:
 * the secret is random already, and Node.js takes several times as long for its own HKDF.
 */
export function derive(secret: Buffer, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`stile1 ${purpose}\u0001`).digest();
}

function placeOf(owner: string, ref: string): string {
  return `stile1 key ${ref} of ${owner}`;
}
