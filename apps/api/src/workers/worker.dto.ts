import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { WorkerSeen } from '@stile/machine';

@ApiSchema({ name: 'ServedDefinition' })
export class ServedDefinitionDto {
  @ApiProperty({ example: 'order' })
  name!: string;

  @ApiProperty({ type: 'integer', example: 2 })
  version!: number;
}

@ApiSchema({ name: 'WorkerSeen' })
export class WorkerSeenDto implements WorkerSeen {
  @ApiProperty({ example: 'host-7.4711' })
  name!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null, as pid, startedAt and concurrency, where an older worker does not say',
  })
  host!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  pid!: number | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startedAt!: string | null;

  @ApiProperty({ type: [String], example: ['machines'], description: 'Queues it takes jobs from' })
  queues!: string[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Machines it runs at the same time at most, per queue and partition',
  })
  concurrency!: number | null;

  @ApiProperty({
    type: [Number],
    nullable: true,
    description: 'Partitions it serves; null where an older worker does not say: all',
  })
  partitions!: readonly number[] | null;

  @ApiProperty({ type: 'integer', description: 'Machines it runs at this moment' })
  active!: number;

  @ApiProperty({ type: 'integer', description: 'The longest time that its event loop stood still in the last 30 s, ms' })
  lagMs!: number;

  @ApiProperty({ type: 'integer', description: 'How long ago it was last seen, ms; it says every 2 s that it is there' })
  lastSeenMs!: number;

  @ApiProperty({ type: 'number', nullable: true, description: 'How long ago it last took a job, ms; null when it never has' })
  lastJobMs!: number | null;

  @ApiProperty({ type: [ServedDefinitionDto], description: 'What it runs' })
  definitions!: readonly ServedDefinitionDto[];
}

@ApiSchema({ name: 'Workers' })
export class WorkersDto {
  @ApiProperty({ type: [WorkerSeenDto], description: 'By name; those not seen for a minute are forgotten' })
  items!: readonly WorkerSeenDto[];
}
