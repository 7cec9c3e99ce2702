import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { OVERLAP_POLICIES, parseDuration, type OverlapPolicy, type Schedule, type ScheduleView } from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { IsContext, IsName, IsOneOf, IsTags, IsText, IsWhole, MAX_NAME } from '../http/validators';
import { UnreadableDto } from '../machines/machine.dto';

export const SCHEDULE_NAME = /^[A-Za-z0-9_.-]{1,100}$/;
export const SCHEDULE_NAME_WANTED = '1 to 100 characters of A-Z a-z 0-9 _ . -';
const DURATION = { oneOf: [{ type: 'string' }, { type: 'integer' }] };
const OVERLAP =
  'What becomes of a slot while the machine of the slot before is live. `skip`: left out, and counted · `queue`: it waits, behind up to ' +
  '1,000 others · `allow`: started beside it';
const CATCH_UP =
  'After an outage, slots missed within this time are started in order; the latest one is started in any case, however late';

/** Its range is for the schedule to judge. */
function IsDuration(): PropertyDecorator {
  const fits = (value: unknown): boolean =>
    typeof value === 'string' ? parseDuration(value) !== undefined : Number.isInteger(value) && Number(value) >= 0;
  return Fits('a duration such as "5m", or a whole number of ms', fits);
}

@ApiSchema({ name: 'ScheduleFields' })
export class ScheduleFieldsDto implements Omit<Schedule, 'name'> {
  @ApiProperty({ description: 'Name of a published definition', example: 'report', maxLength: MAX_NAME })
  @IsName('the name of a published machine')
  machine!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'The highest published when a slot is started, when left out',
  })
  @Optional()
  @IsWhole(1)
  version?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, default: {}, description: 'What each machine starts with' })
  @Optional()
  @IsContext()
  context?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 128 },
    maxProperties: 31,
    default: {},
    description: 'Of each machine, besides `schedule`, which is the name of the schedule',
  })
  @Optional()
  @IsTags()
  tags?: Record<string, string>;

  @ApiPropertyOptional({ description: 'Five fields, six with seconds first, or `@daily` and the like', example: '30 2 * * *' })
  @Optional()
  @IsText(1, 200)
  cron?: string;

  @ApiPropertyOptional({ description: 'An IANA name, for `cron`', default: 'UTC', example: 'Europe/Berlin' })
  @Optional()
  @IsText(1, 100)
  timeZone?: string;

  @ApiPropertyOptional({ ...DURATION, description: 'Instead of `cron`: 1 s to 366 days', example: '5m' })
  @Optional()
  @IsDuration()
  every?: string | number;

  @ApiPropertyOptional({ enum: OVERLAP_POLICIES, default: 'skip', description: OVERLAP })
  @Optional()
  @IsOneOf(OVERLAP_POLICIES)
  overlap?: OverlapPolicy;

  @ApiPropertyOptional({ ...DURATION, default: 0, description: CATCH_UP, example: '1h' })
  @Optional()
  @IsDuration()
  catchUp?: string | number;

  @ApiPropertyOptional({ format: 'date-time', description: 'No slot is before it' })
  @Optional()
  @IsText(1, 40)
  startAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'No slot is after it' })
  @Optional()
  @IsText(1, 40)
  endAt?: string;
}

@ApiSchema({ name: 'PutSchedule' })
export class PutScheduleDto extends ScheduleFieldsDto implements Schedule {
  @ApiProperty({ pattern: SCHEDULE_NAME.source, example: 'nightly' })
  @Fits(SCHEDULE_NAME_WANTED, (value) => typeof value === 'string' && SCHEDULE_NAME.test(value))
  name!: string;
}

@ApiSchema({ name: 'SlotError' })
export class SlotErrorDto {
  @ApiProperty({ example: 'UNKNOWN_MACHINE' })
  code!: string;

  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'date-time' })
  slot!: string;
}

@ApiSchema({ name: 'Schedule' })
export class ScheduleDto implements ScheduleView {
  @ApiProperty({ example: 'nightly' })
  name!: string;

  @ApiProperty({ example: 'report' })
  machine!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  version!: number | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  context!: ScheduleView['context'];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  tags!: Readonly<Record<string, string>>;

  @ApiProperty({ type: 'string', nullable: true, example: '30 2 * * *' })
  cron!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Europe/Berlin' })
  timeZone!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  everyMs!: number | null;

  @ApiProperty({ enum: OVERLAP_POLICIES })
  overlap!: OverlapPolicy;

  @ApiProperty({ type: 'integer' })
  catchUpMs!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endAt!: string | null;

  @ApiProperty()
  stopped!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'The next slot; null while it is stopped' })
  nextAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'The slot started last' })
  lastSlot!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Its machine', example: 'nightly.20261124T013000Z' })
  lastCorrelationId!: string | null;

  @ApiProperty({ type: 'integer', description: 'Slots whose machine was started' })
  started!: number;

  @ApiProperty({ type: 'integer', description: 'Slots that an outage took, or that waited when it was stopped' })
  missed!: number;

  @ApiProperty({ type: 'integer', description: 'Slots left out by the overlap policy' })
  skipped!: number;

  @ApiProperty({ type: 'integer', description: 'Slots whose machine could not be started' })
  failed!: number;

  @ApiProperty({ type: SlotErrorDto, nullable: true, description: 'Why, for the last of them' })
  error!: SlotErrorDto | null;

  @ApiProperty({ type: 'integer', description: 'Slots that are due and not started yet' })
  waiting!: number;

  @ApiProperty({ type: UnreadableDto, nullable: true, description: 'Why the context is not shown, where data is encrypted' })
  unreadable!: UnreadableDto | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

@ApiSchema({ name: 'Schedules' })
export class SchedulesDto {
  @ApiProperty({ type: [ScheduleDto], description: 'By name' })
  items!: readonly ScheduleDto[];
}

@ApiSchema({ name: 'Triggered' })
export class TriggeredDto {
  @ApiProperty({ description: 'Of the machine that was started' })
  correlationId!: string;
}
