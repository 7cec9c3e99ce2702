import { readFileSync } from 'node:fs';
import { parseDuration } from '@stile/config';
import { InvalidArgumentError } from 'commander';

/** `@file`, `@-` for standard input, or JSON itself. */
export function json(text: string): unknown {
  const source = text.startsWith('@') ? read(text.slice(1)) : text;
  try {
    return JSON.parse(source) as unknown;
  } catch (error) {
    throw new InvalidArgumentError(`give JSON, or @ and the name of a file with JSON: ${(error as Error).message}`);
  }
}

export function jsonObject(text: string): Record<string, unknown> {
  const value = json(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidArgumentError('give a JSON object, such as {"amount": 30}');
}

/** For an option that may come several times: `key=value` each. */
export function tag(text: string, before: Record<string, string> = {}): Record<string, string> {
  const { key, value } = tagOf(text);
  return { ...before, [key]: value };
}

export function tagOf(text: string): { key: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('give key=value, such as shop=berlin');
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** Milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('give a number and a unit (ms, s, m, h, d), such as 30s');
  return ms;
}

/** A time as ISO 8601, or how long ago. @returns ISO 8601 */
export function time(text: string): string {
  const ago = parseDuration(text);
  const ms = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (!Number.isNaN(ms) && (ago !== undefined || /^\d{4}-\d\d-\d\d/.test(text))) return new Date(ms).toISOString();
  throw new InvalidArgumentError('give a time such as 2026-12-24T18:00:00Z, or how long ago, such as 2h');
}

/** A time to come as ISO 8601, or how far away it is. @returns ISO 8601 */
export function until(text: string): string {
  const away = parseDuration(text);
  const ms = away === undefined ? Date.parse(text) : Date.now() + away;
  if (ms > Date.now() && (away !== undefined || /^\d{4}-\d\d-\d\d/.test(text))) return new Date(ms).toISOString();
  throw new InvalidArgumentError('give a time to come such as 2030-12-24T18:00:00Z, or how far away it is, such as 90d');
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`give a whole number from ${min} to ${max}`);
  };
}

export interface MachineRef {
  readonly machine: string;
  readonly version?: number;
}

/** `order`, or `order@2` for a version of it. */
export function machineRef(text: string): MachineRef {
  const [, machine, version] = /^([A-Za-z0-9_.-]{1,128})(?:@([1-9]\d{0,14}))?$/.exec(text) ?? [];
  if (machine === undefined)
    throw new InvalidArgumentError('give the name of a machine, and a version if need be: order, order@2');
  return version === undefined ? { machine } : { machine, version: Number(version) };
}

function read(name: string): string {
  try {
    return readFileSync(name === '-' ? 0 : name, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`the file cannot be read: ${(error as Error).message}`);
  }
}
