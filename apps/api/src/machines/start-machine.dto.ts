import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Optional } from '../http/optional.decorator';
import { IsContext, IsName, IsTags, IsWhole, MAX_NAME } from '../http/validators';
import { IsStartAt } from './start-at';
import { IsMachineId, MACHINE_ID } from './machine-id';

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000;

@ApiSchema({ name: 'StartMachine' })
export class StartMachineDto {
  @ApiProperty({ description: 'Name of a published definition', example: 'order', maxLength: MAX_NAME })
  @IsName('the name of a published machine')
  machine!: string;

  @ApiPropertyOptional({
    description: 'Names the machine. A new UUID when left out',
    pattern: MACHINE_ID.source,
    example: 'order-123',
  })
  @Optional()
  @IsMachineId()
  correlationId?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    default: {},
    description: 'The data it starts with, up to 256 KB',
  })
  @Optional()
  @IsContext()
  context?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'The highest published one when left out',
  })
  @Optional()
  @IsWhole(1)
  version?: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 128 },
    maxProperties: 32,
    default: {},
    description: 'Kept with the machine and shown; not given to actions',
  })
  @Optional()
  @IsTags()
  tags?: Record<string, string>;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: TEN_YEARS_MS,
    default: 0,
    description: 'Wait before the first step, ms',
  })
  @Optional()
  @IsWhole(0, TEN_YEARS_MS, 'ms')
  delayMs?: number;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-12-24T18:00:00+01:00',
    description: 'Wait until then, ISO 8601 with its offset from UTC; a time that is past is now. Instead of `delayMs`',
  })
  @Optional()
  @IsStartAt()
  startAt?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 1000,
    description: "The definition's when left out",
  })
  @Optional()
  @IsWhole(0, 1000)
  maxRetries?: number;

  @ApiPropertyOptional({
    description: 'Start as if it were in this state and `event` had come; both or neither',
    maxLength: MAX_NAME,
  })
  @Optional()
  @IsName('the name of a state of the machine')
  state?: string;

  @ApiPropertyOptional({ description: 'See `state`', maxLength: MAX_NAME })
  @Optional()
  @IsName('the name of an event of that state')
  event?: string;
}
