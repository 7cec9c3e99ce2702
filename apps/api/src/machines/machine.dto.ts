import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { STATUSES, type MachineStatus, type MachineView, type HistoryItem } from '@stile/machine';

@ApiSchema({ name: 'StepError' })
export class StepErrorDto {
  @ApiProperty({ example: 'UNKNOWN_EVENT' })
  code!: string;

  @ApiProperty()
  message!: string;

  @ApiProperty({ required: false })
  stack?: string;
}

@ApiSchema({ name: 'Machine' })
export class MachineDto implements MachineView {
  @ApiProperty({ example: 'order-123' })
  correlationId!: string;

  @ApiProperty({ example: 'order' })
  machine!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;

  @ApiProperty({ enum: STATUSES })
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
}

@ApiSchema({ name: 'Attempt' })
export class AttemptDto implements HistoryItem {
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

  @ApiProperty({ enum: ['committed', 'failed'] })
  outcome!: 'committed' | 'failed';

  @ApiProperty({ type: StepErrorDto, nullable: true })
  error!: StepErrorDto | null;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty()
  durationMs!: number;

  @ApiProperty({ description: 'Name of the worker' })
  worker!: string;
}

@ApiSchema({ name: 'History' })
export class HistoryDto {
  @ApiProperty({ type: [AttemptDto], description: 'One per attempt, oldest first' })
  items!: readonly AttemptDto[];
}
