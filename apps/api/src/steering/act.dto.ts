import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Act } from '@stile/machine';
import { Optional } from '../http/optional.decorator';
import { IsName, IsOneOf, IsText, MAX_NAME } from '../http/validators';

export const MAX_BY = 128;
export const MAX_WHY = 1000;
const MODES = ['graceful', 'now'] as const;

@ApiSchema({ name: 'Act' })
export class ActDto implements Act {
  @ApiPropertyOptional({ description: 'Who does it, for the history', maxLength: MAX_BY, example: 'ada@example.com' })
  @Optional()
  @IsText(0, MAX_BY)
  by?: string;

  @ApiPropertyOptional({ description: 'And why', maxLength: MAX_WHY })
  @Optional()
  @IsText(0, MAX_WHY)
  why?: string;
}

@ApiSchema({ name: 'Cancel' })
export class CancelDto extends ActDto {
  @ApiPropertyOptional({
    enum: MODES,
    default: 'graceful',
    description:
      "`graceful`: a running action's signal is aborted, then the definition's onCancel state cleans up · `now`: at once, nothing cleans up",
  })
  @Optional()
  @IsOneOf(MODES)
  mode?: (typeof MODES)[number];
}

@ApiSchema({ name: 'Move' })
export class MoveDto extends ActDto {
  @ApiProperty({ description: 'Where to; its actions run', example: 'charge', maxLength: MAX_NAME })
  @IsName('the name of a state of the machine')
  state!: string;
}
