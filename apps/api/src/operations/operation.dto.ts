import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  OPERATION_ACTS,
  OPERATION_STATUSES,
  STOP_CAUSES,
  type OperationAct,
  type OperationStatus,
  type OperationView,
  type StopCause,
} from '@stile/machine';
import { FilterDto, showFilter, TagDto } from './filter.dto';

@ApiSchema({ name: 'Operation' })
export class OperationDto implements Omit<OperationView, 'filter'> {
  @ApiProperty()
  id!: string;

  @ApiProperty({ enum: OPERATION_ACTS })
  act!: OperationAct;

  @ApiProperty({ enum: OPERATION_STATUSES })
  status!: OperationStatus;

  @ApiProperty({
    type: 'string',
    enum: [...STOP_CAUSES, null],
    nullable: true,
    description: 'Null where it was not stopped. `they fail again`: more than half of a wave of a redrive',
  })
  stoppedBecause!: StopCause | null;

  @ApiProperty({ type: FilterDto, description: 'Whom it is for. Of a send `machine` or `tag`, of a redrive `failure`' })
  filter!: FilterDto;

  @ApiProperty({ type: 'string', nullable: true, description: 'That of the filter' })
  machine!: string | null;

  @ApiProperty({ type: TagDto, nullable: true, description: 'That of the filter' })
  tag!: TagDto | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Of a send', example: 'remind' })
  event!: string | null;

  @ApiProperty({ type: 'string', enum: ['graceful', 'now', null], nullable: true, description: 'Of a cancel' })
  mode!: 'graceful' | 'now' | null;

  @ApiProperty()
  by!: string;

  @ApiProperty()
  why!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How many matched when it was started, where counts tell: an estimate. Null where they do not',
  })
  total!: number | null;

  @ApiProperty({ type: 'integer', description: 'Machines done with so far: done, ignored, refused and gone together' })
  matched!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that took it; of a send: that have the event' })
  done!: number;

  @ApiProperty({ type: 'integer', description: 'Of a send: machines that have the event' })
  delivered!: number;

  @ApiProperty({ type: 'integer', description: 'Of those, machines in whose inbox it waited for a later state' })
  kept!: number;

  @ApiProperty({ type: 'integer', description: 'Of a send: machines whose state drops this event' })
  ignored!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that do not take it' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that were removed; of a send: or had ended' })
  gone!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Of the refused ones, how many by code',
    example: { STEERING_REFUSED: 2 },
  })
  reasons!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'integer', description: 'Of a redrive: machines whose step failed again while their wave was watched' })
  failedAgain!: number;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finishedAt!: string | null;
}

@ApiSchema({ name: 'Operations' })
export class OperationsDto {
  @ApiProperty({ type: [OperationDto], description: 'At most 100' })
  items!: OperationDto[];
}

export function showOperation({ filter, ...view }: OperationView): OperationDto {
  return { ...view, filter: showFilter(filter) };
}
