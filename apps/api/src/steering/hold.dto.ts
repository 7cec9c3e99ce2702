import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Hold, HoldTarget } from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { IsName, IsWhole, MAX_NAME } from '../http/validators';
import { ActDto } from './act.dto';

@ApiSchema({ name: 'PutHold' })
export class PutHoldDto extends ActDto implements HoldTarget {
  @ApiProperty({ description: 'Name of a published definition', example: 'order', maxLength: MAX_NAME })
  @IsName('the name of a published machine')
  machine!: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'All versions when left out' })
  @Optional()
  @IsWhole(1)
  version?: number;

  @ApiPropertyOptional({ description: 'Only machines about to enter this state', example: 'charge', maxLength: MAX_NAME })
  @Optional()
  @IsName('the name of a state of the machine')
  state?: string;
}

export class HoldQueryDto {
  @ApiProperty({ example: 'order' })
  @IsName('the name of the machine that is held')
  machine!: string;

  @ApiPropertyOptional({ pattern: '^[1-9][0-9]{0,14}$', example: '2', description: 'As it was given with the hold' })
  @Optional()
  @Fits('a whole number from 1', (value) => typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value))
  version?: string;

  @ApiPropertyOptional({ example: 'charge', description: 'As it was given with the hold' })
  @Optional()
  @IsName('the name of the state that is held')
  state?: string;
}

@ApiSchema({ name: 'Hold' })
export class HoldDto implements Hold {
  @ApiProperty({ example: 'order@2/charge' })
  name!: string;

  @ApiProperty({ example: 'order' })
  machine!: string;

  @ApiPropertyOptional({ type: 'integer' })
  version?: number;

  @ApiPropertyOptional({ example: 'charge' })
  state?: string;

  @ApiPropertyOptional()
  by?: string;

  @ApiPropertyOptional()
  why?: string;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ type: 'integer', description: 'Machines that it has stopped' })
  held!: number;
}

@ApiSchema({ name: 'Holds' })
export class HoldsDto {
  @ApiProperty({ type: [HoldDto] })
  items!: readonly HoldDto[];
}
