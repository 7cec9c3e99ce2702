import { ApiProperty, ApiPropertyOptional, ApiSchema, PickType } from '@nestjs/swagger';
import {
  COUNTED_STATUSES,
  type CountedStatus,
  type FailureGroup,
  type MachineCount,
  type MachinePage,
  type MachineSummary,
} from '@stile/machine';
import { MachineDto } from '../machines/machine.dto';

const SHOWN = [
  'correlationId',
  'machine',
  'version',
  'runId',
  'status',
  'state',
  'event',
  'steps',
  'retries',
  'maxRetries',
] as const;
const ALSO_SHOWN = ['tags', 'createdAt', 'updatedAt', 'finishedAt', 'error', 'inbox', 'heldBy', 'archived'] as const;

@ApiSchema({ name: 'MachineSummary' })
export class MachineSummaryDto extends PickType(MachineDto, [...SHOWN, ...ALSO_SHOWN]) implements MachineSummary {}

@ApiSchema({ name: 'MachinePage' })
export class MachinePageDto implements MachinePage {
  @ApiProperty({ type: [MachineSummaryDto], description: 'Newest first; by id where an id prefix is asked for' })
  items!: readonly MachineSummaryDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'The `cursor` of the next page. A page may be short, even empty, with more to come: null says that there is none',
  })
  next!: string | null;
}

@ApiSchema({ name: 'MachineCount' })
export class MachineCountDto implements MachineCount {
  @ApiProperty({ example: 'order' })
  machine!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;

  @ApiProperty({
    enum: COUNTED_STATUSES,
    description: '`active`: queued or running. One that runs counts in the state in which it was taken up',
  })
  status!: CountedStatus;

  @ApiProperty({ example: 'charge' })
  state!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

@ApiSchema({ name: 'MachineCounts' })
export class MachineCountsDto {
  @ApiProperty({ type: [MachineCountDto] })
  items!: readonly MachineCountDto[];

  @ApiPropertyOptional({
    type: 'boolean',
    enum: [true],
    description: 'Only to callers of a tenant with more machines than are looked at for it: 10,000, by id',
  })
  partial?: boolean;
}

@ApiSchema({ name: 'FailureGroup' })
export class FailureGroupDto implements FailureGroup {
  @ApiProperty({ description: 'Names the group, the same at all times', pattern: '^[0-9a-f]{16}$' })
  group!: string;

  @ApiProperty({ example: 'order' })
  machine!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;

  @ApiProperty({ description: 'Whose code failed, or that could not be entered', example: 'charge' })
  state!: string;

  @ApiProperty({ example: 'CARD_DECLINED' })
  code!: string;

  @ApiProperty({ description: 'With placeholders for what differs', example: 'card <id> declined after <n> attempts' })
  message!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ format: 'date-time', description: 'Start of the oldest machine in it' })
  firstAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Start of the newest machine in it' })
  lastAt!: string;

  @ApiProperty({ description: 'Id of one of the machines' })
  example!: string;
}

@ApiSchema({ name: 'FailureGroups' })
export class FailureGroupsDto {
  @ApiProperty({ type: [FailureGroupDto], description: 'The largest first' })
  items!: readonly FailureGroupDto[];

  @ApiPropertyOptional({
    type: 'boolean',
    enum: [true],
    description: 'Only to callers of a tenant with more machines than are looked at for it: 10,000, by id',
  })
  partial?: boolean;
}
