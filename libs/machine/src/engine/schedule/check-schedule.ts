import { parseDuration } from '../../core/duration';
import { toJson } from '../../core/json';
import { InvalidScheduleError, OVERLAP_POLICIES, type Schedule } from '../../core/schedules';
import type { ScheduleSpec, Timing } from '../../core/schedules-ports';
import type { Context } from '../../core/step';
import { isName, NAME_RULE, quote } from '../../core/names';
import { nextOfCron } from './slots';

/** A slot's time is appended, and a correlation id has at most 128 characters. */
const SCHEDULE_NAME = /^[A-Za-z0-9_.-]{1,100}$/;
const DAY = 24 * 3600 * 1000;
const MIN_EVERY = 1000;
const MAX_EVERY = 366 * DAY;
const MAX_CATCH_UP = 366 * DAY;
/** One less than a machine may have: the schedule's name is one. */
const MAX_TAGS = 31;
const MAX_TAG_LENGTH = 128;
export const SCHEDULE_TAG = 'schedule';
const MACROS = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
  '@minutely',
  '@secondly',
]);

export function isScheduleName(name: unknown): name is string {
  return typeof name === 'string' && SCHEDULE_NAME.test(name);
}

/** @throws InvalidScheduleError naming the first field that cannot be used, ContextError, ContextTooLargeError */
export function checkSchedule(schedule: Schedule, contextBytes?: number): ScheduleSpec {
  const { name, machine, version, context = {}, tags = {}, overlap = 'skip', catchUp = 0 } = schedule;
  if (!isScheduleName(name)) throw invalid('name', name, 'use 1 to 100 of A-Z a-z 0-9 _ . -');
  if (typeof machine !== 'string' || !isName(machine)) throw invalid('machine', machine, NAME_RULE);
  if (version !== undefined && !(Number.isInteger(version) && version >= 1)) {
    throw invalid('version', version, 'give a whole number from 1');
  }
  if (!OVERLAP_POLICIES.includes(overlap)) throw invalid('overlap', overlap, `give one of ${OVERLAP_POLICIES.join(', ')}`);
  checkTags(tags);
  const contextJson = toJson(context, contextBytes);
  const timing = checkTiming(schedule);
  const endAt = timeOf('endAt', schedule.endAt);
  if (endAt !== null && timing.startAt !== null && endAt < timing.startAt) {
    throw invalid('endAt', schedule.endAt, `give a time that is not before startAt, ${schedule.startAt}`);
  }
  return {
    name,
    machine,
    version: version ?? null,
    context: JSON.parse(contextJson) as Context,
    tags,
    timing,
    overlap,
    catchUpMs: durationOf('catchUp', catchUp, 0, MAX_CATCH_UP, '0 to 366 days'),
    endAt,
  };
}

function checkTiming({ cron, timeZone, every, startAt }: Schedule): Timing {
  const start = timeOf('startAt', startAt);
  if (every !== undefined) {
    if (cron !== undefined) throw invalid('every', every, 'give either cron or every');
    if (timeZone !== undefined) throw invalid('timeZone', timeZone, 'leave it out: every counts time that has passed');
    return {
      cron: null,
      timeZone: null,
      everyMs: durationOf('every', every, MIN_EVERY, MAX_EVERY, '1s to 366d'),
      startAt: start,
    };
  }
  if (cron === undefined) throw invalid('cron', cron, 'give cron, such as "30 2 * * *", or every, such as "5m"');
  checkTimeZone(timeZone ?? 'UTC');
  checkCron(cron);
  return { cron: cron.trim(), timeZone: timeZone ?? 'UTC', everyMs: null, startAt: start };
}

/** Stricter than the parser: it takes three fields, or none, for five, and `H` stands for another time in each process. */
function checkCron(cron: unknown): void {
  const wanted = 'give five fields (minute hour day month weekday), six with seconds first, or @daily and the like';
  if (typeof cron !== 'string' || cron.length > 200) throw invalid('cron', cron, wanted);
  const fields = cron.trim().split(/\s+/);
  const macro = fields.length === 1 && MACROS.has(cron.trim());
  if (!macro && fields.length !== 5 && fields.length !== 6) throw invalid('cron', cron, wanted);
  if (/(^|[\s,])H/.test(cron)) throw invalid('cron', cron, 'give numbers instead of H');
  let next: number | undefined;
  try {
    next = nextOfCron(cron, 'UTC', Date.UTC(2024, 0, 1));
  } catch (error) {
    throw invalid('cron', cron, `${wanted}; ${error instanceof Error ? error.message : String(error)}`);
  }
  if (next === undefined) throw invalid('cron', cron, 'give one that matches some day');
}

function checkTimeZone(timeZone: unknown): void {
  try {
    if (typeof timeZone !== 'string' || timeZone === '') throw new RangeError();
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalid('timeZone', timeZone, 'give an IANA name such as Europe/Berlin');
  }
}

function checkTags(tags: unknown): void {
  const wanted = `give at most ${MAX_TAGS} names and values, texts of at most ${MAX_TAG_LENGTH} characters, none named "${SCHEDULE_TAG}"`;
  const fits = (text: unknown): boolean => typeof text === 'string' && text.length <= MAX_TAG_LENGTH;
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) throw invalid('tags', tags, wanted);
  const entries = Object.entries(tags);
  const usable = entries.every(([name, value]) => name !== SCHEDULE_TAG && fits(name) && fits(value));
  if (entries.length > MAX_TAGS || !usable) throw new InvalidScheduleError('tags', tags, `cannot be used; ${wanted}`);
}

function durationOf(field: string, value: string | number, min: number, max: number, range: string): number {
  const ms = typeof value === 'string' ? parseDuration(value) : value;
  if (ms !== undefined && Number.isInteger(ms) && ms >= min && ms <= max) return ms;
  throw invalid(field, value, `give a duration such as "5m", or a whole number of ms, ${range}`);
}

function timeOf(field: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const ms = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw invalid(field, value, 'give a time such as 2026-11-24T02:30:00Z, with Z or an offset');
}

function invalid(field: string, value: unknown, wanted: string): InvalidScheduleError {
  const was = value === undefined ? 'is missing' : `is ${quote(value)}`;
  return new InvalidScheduleError(field, value, `${was}; ${wanted}`);
}
