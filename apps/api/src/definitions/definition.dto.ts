import { ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import {
  DEFAULT_INBOX_LIMIT,
  EVENT_POLICIES,
  type Deadline,
  type Definition,
  type EventPolicy,
  type RetryPolicy,
  type StateDefinition,
  type Timer,
  type Transition,
} from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';

@ApiSchema({ name: 'Transition' })
export class TransitionDto implements Transition {
  @ApiProperty()
  event!: string;

  @ApiProperty()
  target!: string;

  @ApiPropertyOptional({ description: 'Name of the action run between exit and entry' })
  action?: string;

  @ApiProperty({ description: 'Chained inside the same step' })
  local!: boolean;

  @ApiPropertyOptional({ default: false, description: 'The state is not left: only the action runs, timers go on' })
  internal?: boolean;
}

@ApiSchema({ name: 'Timer' })
export class TimerDto implements Timer {
  @ApiProperty({ type: 'integer', description: 'Counted from the commit that rests in the state' })
  afterMs!: number;

  @ApiProperty()
  event!: string;
}

@ApiSchema({ name: 'Deadline' })
export class DeadlineDto implements Deadline {
  @ApiProperty({ type: 'integer', description: "Counted from the machine's start" })
  afterMs!: number;

  @ApiPropertyOptional({ description: 'Sent to it when it is late; when left out it fails with code DEADLINE' })
  event?: string;
}

@ApiSchema({ name: 'RetryPolicy' })
export class RetryPolicyDto implements RetryPolicy {
  @ApiPropertyOptional({ type: 'integer' })
  maxRetries?: number;

  @ApiPropertyOptional({ default: 1000 })
  baseMs?: number;

  @ApiPropertyOptional({ default: 60_000 })
  capMs?: number;

  @ApiPropertyOptional({ default: 2, minimum: 1, maximum: 100 })
  factor?: number;

  @ApiPropertyOptional({ enum: ['full', 'none'], default: 'full' })
  jitter?: 'full' | 'none';

  @ApiPropertyOptional({ type: [String], description: 'Codes of errors worth another attempt; all when left out' })
  retryable?: readonly string[];
}

@ApiSchema({ name: 'State' })
export class StateDto implements StateDefinition {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  final!: boolean;

  @ApiPropertyOptional()
  entryAction?: string;

  @ApiPropertyOptional({ description: 'Its result is the next event; without one the machine waits' })
  doAction?: string;

  @ApiPropertyOptional()
  exitAction?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TransitionDto) },
    description: 'By event',
  })
  transitions!: Record<string, TransitionDto>;

  @ApiPropertyOptional({ type: RetryPolicyDto })
  retry?: RetryPolicyDto;

  @ApiPropertyOptional({ description: 'Event that the last failed attempt turns into' })
  onExhausted?: string;

  @ApiPropertyOptional({ type: [TimerDto], description: 'Events that come by themselves, soonest first' })
  after?: readonly TimerDto[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...EVENT_POLICIES] },
    description: 'What becomes of events without a transition, by event; `defer` for those not named',
  })
  events?: Record<string, EventPolicy>;

  @ApiPropertyOptional({ type: 'integer', description: 'Time of one attempt, ms' })
  timeoutMs?: number;
}

@ApiSchema({ name: 'Definition' })
export class DefinitionDto implements Definition {
  @ApiProperty({ example: 'order' })
  name!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ type: 'integer' })
  maxRetries!: number;

  @ApiProperty({ example: 'machines' })
  queue!: string;

  @ApiPropertyOptional({ description: 'How long a finished machine is kept, ms' })
  retentionMs?: number;

  @ApiPropertyOptional({ type: RetryPolicyDto, description: 'For states that do not say otherwise' })
  retry?: RetryPolicyDto;

  @ApiPropertyOptional({ type: DeadlineDto })
  deadline?: DeadlineDto;

  @ApiPropertyOptional({ description: 'The state that cleans up when it is cancelled gracefully' })
  onCancel?: string;

  @ApiPropertyOptional({ type: 'integer', default: DEFAULT_INBOX_LIMIT, description: 'Events that wait, at most' })
  inboxLimit?: number;

  @ApiProperty({ description: 'Name of the initial state' })
  initial!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(StateDto) },
    description: 'By name',
  })
  states!: Record<string, StateDto>;
}

@ApiSchema({ name: 'DefinitionWithVersions' })
export class DefinitionWithVersionsDto extends DefinitionDto {
  @ApiProperty({ type: [Number], description: 'All published versions of this name, ascending' })
  versions!: number[];
}

@ApiSchema({ name: 'Definitions' })
export class DefinitionsDto {
  @ApiProperty({ type: [DefinitionDto], description: 'All versions of all, by name and version' })
  items!: readonly DefinitionDto[];
}

export class DefinitionQueryDto {
  @ApiPropertyOptional({
    description: 'The highest one when left out',
    pattern: '^[1-9][0-9]{0,14}$',
    example: '1',
  })
  @Optional()
  @Fits('a whole number from 1', (value) => typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value))
  version?: string;
}
