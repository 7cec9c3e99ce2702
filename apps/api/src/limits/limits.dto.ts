import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { SHARE_KINDS, type ShareKind, type ShareLimits, type ShareView } from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { IsWhole } from '../http/validators';
import { ActDto } from '../steering/act.dto';

const MAX_COUNT = 1_000_000;
const MIN_RATE = 0.001;
const MAX_RATE = 100_000;
const MIN_WEIGHT = 0.01;
const MAX_WEIGHT = 1000;

function IsBetween(min: number, max: number): PropertyDecorator {
  return Fits(`a number from ${min} to ${max}`, (value) => typeof value === 'number' && value >= min && value <= max);
}

@ApiSchema({ name: 'PutLimits' })
export class PutLimitsDto extends ActDto implements ShareLimits {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_COUNT, description: 'Machines that run at the same time' })
  @Optional()
  @IsWhole(1, MAX_COUNT)
  concurrency?: number;

  @ApiPropertyOptional({ minimum: MIN_RATE, maximum: MAX_RATE, description: 'Machines taken up each second' })
  @Optional()
  @IsBetween(MIN_RATE, MAX_RATE)
  perSecond?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_COUNT,
    description: 'Machines taken up at once after a pause; `perSecond`, rounded up, when left out',
  })
  @Optional()
  @IsWhole(1, MAX_COUNT)
  burst?: number;

  @ApiPropertyOptional({ minimum: MIN_RATE, maximum: MAX_RATE, description: 'Starts from outside each second' })
  @Optional()
  @IsBetween(MIN_RATE, MAX_RATE)
  startsPerSecond?: number;

  @ApiPropertyOptional({
    minimum: MIN_WEIGHT,
    maximum: MAX_WEIGHT,
    description: 'Turns that it gets to one of each other where several wait for the same slots; 1 when left out',
  })
  @Optional()
  @IsBetween(MIN_WEIGHT, MAX_WEIGHT)
  weight?: number;
}

@ApiSchema({ name: 'Limits' })
export class LimitsDto implements ShareView {
  @ApiProperty({ example: 'tenant:acme' })
  name!: string;

  @ApiProperty({ enum: SHARE_KINDS })
  kind!: ShareKind;

  @ApiProperty({ example: 'acme', description: '`*` for each that has no limits of its own' })
  of!: string;

  @ApiPropertyOptional({ type: 'integer' })
  concurrency?: number;

  @ApiPropertyOptional()
  perSecond?: number;

  @ApiPropertyOptional({ type: 'integer' })
  burst?: number;

  @ApiPropertyOptional()
  startsPerSecond?: number;

  @ApiPropertyOptional()
  weight?: number;

  @ApiPropertyOptional()
  by?: string;

  @ApiPropertyOptional()
  why?: string;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Slots in use; null for `*` of tenants and definitions, and where others than the caller have a part in it',
  })
  inUse!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Machines that wait for a slot or for their turn' })
  waiting!: number | null;
}

@ApiSchema({ name: 'LimitsList' })
export class LimitsListDto {
  @ApiProperty({ type: [LimitsDto] })
  items!: readonly LimitsDto[];
}
