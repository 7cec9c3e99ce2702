import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { STATUSES, type HistoryItem, type MachineStatus, type MachineView, type StepError } from '@stile/machine';

const STATUS =
  '`waiting`: the `do` of its state returned nothing, so it stays there; events from outside cannot be sent to it yet. ' +
  '`paused` and `cancelled` are reserved: no machine gets there yet';

@ApiSchema({ name: 'StepError' })
export class StepErrorDto {
  @ApiProperty({ example: 'UNKNOWN_EVENT' })
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
  @ApiProperty({ type: [AttemptDto], description: 'The newest 1,000 attempts, oldest first' })
  items!: readonly AttemptDto[];
}

export function machineDto(view: MachineView): MachineDto {
  return { ...view, error: errorDto(view.error) };
}

export function historyDto(items: readonly HistoryItem[]): HistoryDto {
  return { items: items.map((item) => ({ ...item, error: errorDto(item.error) })) };
}

/** Without the stack: it tells of the worker's files. */
function errorDto(error: StepError | null): StepErrorDto | null {
  return error === null ? null : { code: error.code, message: error.message };
}
