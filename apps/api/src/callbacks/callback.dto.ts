import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { CallbackReceipt, Json } from '@stile/machine';
import { EventReceiptDto } from '../events/event.dto';
import { ANY_JSON } from '../http/any-json';
import { Optional } from '../http/optional.decorator';
import { IsJson, IsText } from '../http/validators';

const MAX_CODE = 100;
const MAX_MESSAGE = 1000;

@ApiSchema({ name: 'TaskFailure' })
export class TaskFailureDto {
  @ApiProperty({ example: 'CARD_DECLINED', minLength: 1, maxLength: MAX_CODE })
  @IsText(1, MAX_CODE)
  code!: string;

  @ApiProperty({ maxLength: MAX_MESSAGE })
  @IsText(0, MAX_MESSAGE)
  message!: string;
}

@ApiSchema({ name: 'TaskHeartbeat' })
export class TaskHeartbeatDto {
  @ApiPropertyOptional({
    ...ANY_JSON,
    description: 'How far the task is: any JSON, up to 64 KB; the machine shows it as `heartbeat`',
  })
  @Optional()
  @IsJson()
  details?: Json;
}

@ApiSchema({ name: 'CallbackReceipt' })
export class CallbackReceiptDto extends EventReceiptDto implements CallbackReceipt {
  @ApiProperty({ description: 'The machine that handed the token out' })
  correlationId!: string;
}

@ApiSchema({ name: 'TaskAlive' })
export class TaskAliveDto {
  @ApiProperty({ description: 'The machine that handed the token out' })
  correlationId!: string;

  @ApiProperty({ format: 'date-time', description: 'Until when the token can be used now' })
  expiresAt!: string;
}
