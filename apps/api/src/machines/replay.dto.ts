import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { ReplayRequest } from '@stile/machine';
import { Optional } from '../http/optional.decorator';
import { IsWhole } from '../http/validators';
import { ActDto } from '../steering/act.dto';
import { IsMachineId, MACHINE_ID } from './machine-id';

@ApiSchema({ name: 'Replay' })
export class ReplayDto extends ActDto implements ReplayRequest {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Number of the step to begin with: `steps` of its history item',
  })
  @Optional()
  @IsWhole(0, Number.MAX_SAFE_INTEGER)
  step?: number;

  @ApiPropertyOptional({ description: 'Names the new machine. A new UUID when left out', pattern: MACHINE_ID.source })
  @Optional()
  @IsMachineId()
  correlationId?: string;
}
