import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator';
import { IsContext, IsTags } from '../http/validators';
import { MACHINE_ID, MACHINE_ID_PROBLEM } from './machine-id';

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000;
const MAX_NAME = 128;

@ApiSchema({ name: 'StartMachine' })
export class StartMachineDto {
  @ApiProperty({ description: 'Name of a published definition', example: 'order', maxLength: MAX_NAME })
  @IsString()
  @Length(1, MAX_NAME)
  machine!: string;

  @ApiPropertyOptional({
    description: 'Names the machine. A new UUID when left out',
    pattern: MACHINE_ID.source,
    example: 'order-123',
  })
  @Optional()
  @Matches(MACHINE_ID, { message: `correlationId ${MACHINE_ID_PROBLEM}` })
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
  @IsInt()
  @Min(1)
  version?: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 128 },
    maxProperties: 32,
    default: {},
    description: 'For finding it again; not given to actions',
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
  @IsInt()
  @Min(0)
  @Max(TEN_YEARS_MS)
  delayMs?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 1000,
    description: "The definition's when left out",
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(1000)
  maxRetries?: number;

  @ApiPropertyOptional({
    description: 'Start as if it were in this state and `event` had come; both or neither',
    maxLength: MAX_NAME,
  })
  @Optional()
  @IsString()
  @Length(1, MAX_NAME)
  state?: string;

  @ApiPropertyOptional({ description: 'See `state`', maxLength: MAX_NAME })
  @Optional()
  @IsString()
  @Length(1, MAX_NAME)
  event?: string;
}
