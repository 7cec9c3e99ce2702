import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import {
  HISTORY_OUTCOMES,
  STATUSES,
  type HistoryItem,
  type Json,
  type MachineLease,
  type MachineStatus,
  type MachineView,
  type ParentLink,
  type ReplayOrigin,
  type StepError,
} from '@stile/machine';
import { ANY_JSON } from '../http/any-json';

type NumberedItem = HistoryItem & { readonly number: number };

const STATUS =
  '`waiting`: the `do` of its state returned nothing, so it stays there until an event comes · `delayed`: until its time has come · ' +
  '`paused`: until it is resumed, or its hold is lifted';

@ApiSchema({ name: 'StepError' })
export class StepErrorDto {
  @ApiProperty({ example: 'UNKNOWN_EVENT' })
  code!: string;

  @ApiProperty()
  message!: string;
}

@ApiSchema({ name: 'AttemptError' })
export class AttemptErrorDto extends StepErrorDto implements StepError {
  @ApiPropertyOptional({ description: 'Up to 4,000 characters' })
  stack?: string;
}

@ApiSchema({ name: 'MachineLease' })
export class MachineLeaseDto implements MachineLease {
  @ApiProperty({ description: 'Name of the worker' })
  worker!: string;

  @ApiProperty({ type: 'integer' })
  fence!: number;

  @ApiProperty({ format: 'date-time', description: 'When it runs out unless it is renewed' })
  until!: string;
}

@ApiSchema({ name: 'ReplayOrigin' })
export class ReplayOriginDto implements ReplayOrigin {
  @ApiProperty({ example: 'order-123' })
  correlationId!: string;

  @ApiProperty()
  runId!: string;

  @ApiProperty({ type: 'integer' })
  step!: number;

  @ApiPropertyOptional()
  by?: string;

  @ApiPropertyOptional()
  why?: string;
}

@ApiSchema({ name: 'MachineTimer' })
export class MachineTimerDto {
  @ApiProperty()
  event!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

@ApiSchema({ name: 'ParentLink' })
export class ParentLinkDto implements ParentLink {
  @ApiProperty({ example: 'trip-7' })
  correlationId!: string;

  @ApiProperty()
  runId!: string;

  @ApiProperty()
  group!: string;

  @ApiProperty({ type: 'integer', description: 'Its place in the group, from 0' })
  index!: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Its generation: 1 for a child of a machine that has no parent' })
  depth?: number;
}

@ApiSchema({ name: 'Unreadable' })
export class UnreadableDto {
  @ApiProperty({ enum: ['KEY_MISSING', 'DATA_DESTROYED', 'DATA_DAMAGED'] })
  code!: string;

  @ApiProperty()
  message!: string;
}

@ApiSchema({ name: 'Machine' })
export class MachineDto implements MachineView {
  @ApiProperty({ example: 'order-123' })
  correlationId!: string;

  @ApiProperty({ example: 'order' })
  machine!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;

  @ApiProperty({ description: 'One per start: a machine that is started again under an old id gets another one' })
  runId!: string;

  @ApiProperty({ enum: STATUSES, description: STATUS })
  status!: MachineStatus;

  @ApiProperty({ example: 'reserve' })
  state!: string;

  @ApiProperty({ description: 'To be handled next; the one that led here when it waits or has ended' })
  event!: string;

  @ApiProperty({ type: 'integer', description: 'Steps committed' })
  steps!: number;

  @ApiProperty({ type: 'integer', description: 'Failed attempts at the current step' })
  retries!: number;

  @ApiProperty({ type: 'integer' })
  maxRetries!: number;

  @ApiProperty({ type: 'integer', description: 'The last fence token; only ever grows' })
  fence!: number;

  @ApiProperty({ type: 'object', additionalProperties: true })
  context!: MachineView['context'];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  tags!: Record<string, string>;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finishedAt!: string | null;

  @ApiProperty({ type: StepErrorDto, nullable: true, description: 'Of the last failed attempt' })
  error!: StepErrorDto | null;

  @ApiProperty({
    description: "Changes with every commit and every operator's act; the ETag, and what an edit names in If-Match",
  })
  revision!: string;

  @ApiProperty({ type: 'integer', description: 'Events that wait in the inbox' })
  inbox!: number;

  @ApiProperty({ type: [MachineTimerDto], description: 'What it waits for by the clock, soonest first' })
  timers!: readonly MachineTimerDto[];

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  deadlineAt!: string | null;

  @ApiProperty({
    type: 'string',
    enum: ['pause', 'cancel'],
    nullable: true,
    description: 'Asked of a machine that is still running: done when the step in hand ends',
  })
  asked!: 'pause' | 'cancel' | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'order@2/charge', description: 'The hold it was stopped by' })
  heldBy!: string | null;

  @ApiProperty({ type: ParentLinkDto, nullable: true })
  parent!: ParentLinkDto | null;

  @ApiProperty({ type: 'integer', description: 'Children it has asked for' })
  children!: number;

  @ApiProperty({ ...ANY_JSON, nullable: true, description: 'What the attempt in hand, or the last one, said of itself' })
  heartbeat!: Json | null;

  @ApiProperty({ type: MachineLeaseDto, nullable: true, description: 'Who runs it at this moment' })
  lease!: MachineLeaseDto | null;

  @ApiProperty({ type: ReplayOriginDto, nullable: true, description: 'The recorded step of another machine that it began with' })
  replayOf!: ReplayOriginDto | null;

  @ApiProperty({
    type: UnreadableDto,
    nullable: true,
    description: 'Why context, error and heartbeat are not shown, where data is encrypted: they are empty then',
  })
  unreadable!: UnreadableDto | null;
  @ApiPropertyOptional({
    type: 'boolean',
    description: 'true: it has gone from the store, and comes out of the archive. Left out otherwise',
  })
  archived?: true;
}

@ApiSchema({ name: 'Attempt' })
export class AttemptDto implements NumberedItem {
  @ApiProperty({ type: 'integer', description: 'Its place in the history, from 1' })
  number!: number;

  @ApiProperty({ type: 'integer' })
  steps!: number;

  @ApiProperty({ type: 'integer' })
  retries!: number;

  @ApiProperty({ type: 'integer' })
  fence!: number;

  @ApiProperty({ example: 'pseudo_init' })
  from!: string;

  @ApiProperty({ example: 'pseudo_init' })
  event!: string;

  @ApiProperty({ example: 'reserve' })
  to!: string;

  @ApiProperty({
    enum: HISTORY_OUTCOMES,
    description: '`committed` and `failed` are attempts; the others what an operator, a parent or the deadline did',
  })
  outcome!: HistoryItem['outcome'];

  @ApiProperty({ type: AttemptErrorDto, nullable: true })
  error!: AttemptErrorDto | null;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty()
  durationMs!: number;

  @ApiProperty({ description: 'Name of the worker; empty where none was part of it' })
  worker!: string;

  @ApiPropertyOptional({ description: 'Who did it, for what an operator did' })
  by?: string;

  @ApiPropertyOptional()
  why?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What the step began with; left out where that has not changed since the item before',
  })
  context?: HistoryItem['context'];

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'Instead of `context`: its bytes of JSON, where it has changed and was not kept: over 16 KiB, or no worker keeps any',
  })
  contextBytes?: number;

  @ApiPropertyOptional({ ...ANY_JSON, description: "What came with the event; at a step's first attempt" })
  data?: Json;

  @ApiPropertyOptional({ type: 'integer', description: 'Instead of `data`, as above' })
  dataBytes?: number;
}

@ApiSchema({ name: 'History' })
export class HistoryDto {
  @ApiProperty({ type: [AttemptDto], description: 'Oldest first' })
  items!: readonly AttemptDto[];

  @ApiProperty({ type: 'integer', description: 'Items before these that are kept no more' })
  lost!: number;
}

export function machineDto(view: MachineView): MachineDto {
  return { ...view, error: errorDto(view.error) };
}

/** With the stack: it is what one looks at a failed attempt for. */
export function attemptDto(item: NumberedItem): AttemptDto {
  return item;
}

/** Without the stack: it tells of the worker's files. */
export function errorDto(error: StepError | null): StepErrorDto | null {
  return error === null ? null : { code: error.code, message: error.message };
}
