import type { Json } from '@stile/machine';
import type { Request } from 'express';
import { fieldsOfPatch } from './patch-fields';
import { pick, textOf, type Facts } from './pick';

/** How a route stands in the audit log. */
export interface RouteAct {
  readonly act: string;
  readonly on: (request: Request) => string;
  /** What to tell of the request. @default `by` and `why` */
  readonly details?: (request: Request) => Facts;
  /** What is read before it is done. @default nothing */
  readonly before?: 'machine' | 'schedule';
  /** Done by programs, all day long: only in the log when an operator does it, or where it is to have everything. @default false */
  readonly byPrograms?: boolean;
}

const WHY = ['by', 'why'];
const bodyOf = ({ body }: Request): Facts => (isObject(body) ? body : {});
const isObject = (value: unknown): value is Facts => typeof value === 'object' && value !== null && !Array.isArray(value);
const param = (name: string) => (request: Request) => clip(String(request.params[name] ?? ''));
const body =
  (...fields: string[]) =>
  (request: Request) =>
    pick(bodyOf(request), [...WHY, ...fields]);
const machine = (request: Request): string => `machine ${param('id')(request)}`;
const schedule = (request: Request): string => `schedule ${param('name')(request)}`;
const text = (value: Json | undefined): string => (typeof value === 'string' ? clip(value) : '');

function holdOf({ machine, version, state }: Facts): string {
  const of = version === undefined ? '' : `@${textOf(version)}`;
  return `hold ${text(machine)}${clip(of)}${state === undefined ? '' : `/${text(state)}`}`;
}

const steer = (act: string, ...fields: string[]): RouteAct => ({ act, on: machine, details: body(...fields), before: 'machine' });

/** By class and method. A route that is not here is in the log all the same, by its method and path. */
export const ACTS: Readonly<Record<string, RouteAct>> = {
  'SteeringController.cancel': steer('cancel', 'mode'),
  'SteeringController.pause': steer('pause'),
  'SteeringController.resume': steer('resume'),
  'SteeringController.retry': steer('retry'),
  'SteeringController.move': steer('move', 'state'),
  'ContextController.edit': {
    act: 'edit',
    on: machine,
    details: (request) => ({ ...pick(request.query as Facts, WHY), fields: fieldsOfPatch(request.body) }),
    before: 'machine',
  },
  'EventsController.drop': {
    act: 'drop event',
    on: machine,
    details: (request) => ({ item: param('item')(request) }),
    before: 'machine',
  },
  'ReplayController.replay': { act: 'replay', on: machine, details: body('step', 'correlationId') },
  'HoldsController.hold': { act: 'hold', on: (request) => holdOf(bodyOf(request)), details: body() },
  'HoldsController.unhold': { act: 'lift hold', on: (request) => holdOf(request.query as Facts), details: () => ({}) },
  'SchedulesController.post': {
    act: 'put schedule',
    on: (request) => `schedule ${text(bodyOf(request).name)}`,
    details: body('machine', 'version', 'cron', 'timeZone', 'every', 'overlap'),
  },
  'SchedulesController.put': {
    act: 'put schedule',
    on: schedule,
    details: body('machine', 'version', 'cron', 'timeZone', 'every', 'overlap'),
    before: 'schedule',
  },
  'SchedulesController.remove': { act: 'remove schedule', on: schedule, before: 'schedule' },
  'SchedulesController.stop': { act: 'stop schedule', on: schedule, before: 'schedule' },
  'SchedulesController.start': { act: 'start schedule', on: schedule, before: 'schedule' },
  'SchedulesController.trigger': { act: 'trigger schedule', on: schedule },
  'OperationsController.send': {
    act: 'send to many',
    on: (request) => `machines ${clip(textOf(pick(bodyOf(request), ['machine', 'tag'])))}`,
    details: body('event', 'operationId', 'machine', 'tag'),
  },
  'OperationsController.act': {
    act: 'act on many',
    on: (request) => `machines ${clip(textOf(bodyOf(request).filter ?? null))}`,
    details: body('act', 'mode', 'operationId', 'filter'),
  },
  'OperationsController.stop': { act: 'stop operation', on: (request) => `operation ${param('id')(request)}` },
  'RedriveController.redrive': {
    act: 'redrive',
    on: (request) => `failures ${param('group')(request)}`,
    details: body('count', 'operationId'),
  },
  'MachinesController.start': {
    act: 'start',
    on: (request) => `machine ${text(bodyOf(request).correlationId)}`,
    details: body('machine', 'version', 'state'),
    byPrograms: true,
  },
  'MachinesController.startMany': {
    act: 'start many',
    on: (request) => `machines of ${text(bodyOf(request).machine)}`,
    details: ({ body: given }) => ({
      items: Array.isArray((given as Facts | undefined)?.items) ? (given as { items: [] }).items.length : 0,
    }),
    byPrograms: true,
  },
  'EventsController.send': { act: 'send', on: machine, details: body('event', 'dedupeId'), byPrograms: true },
  // The token is what lets in: it is in no log, this one included. Which machine it was for is in the last entry.
  'CallbacksController.complete': { act: 'complete task', on: () => 'callback', details: body('event'), byPrograms: true },
  'CallbacksController.fail': { act: 'fail task', on: () => 'callback', details: body('code'), byPrograms: true },
  'CallbacksController.heartbeat': { act: 'task heartbeat', on: () => 'callback', details: () => ({}), byPrograms: true },
};

const MAX_ON = 400;

/** Ids and names are short; what is longer was refused, or will be. */
function clip(value: string): string {
  return value.length > MAX_ON ? `${value.slice(0, MAX_ON)}…` : value;
}
