import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { EventReceipt, EventRequest, InboxItem, Json } from '@stile/machine';
import { ANY_JSON } from '../http/any-json';
import { Optional } from '../http/optional.decorator';
import { IsJson, IsName, IsText, MAX_NAME } from '../http/validators';

const MAX_DEDUPE_ID = 200;
const OUTCOMES = ['taken', 'kept', 'ignored', 'duplicate'] as const;

export const OUTCOME =
  '`taken`: the machine goes on with it · `kept`: it waits in the inbox until a state takes it · ' +
  '`ignored`: the state it waits in drops it · `duplicate`: it was there before';

@ApiSchema({ name: 'SendEvent' })
export class SendEventDto implements EventRequest {
  @ApiProperty({ description: 'One that a state of the machine has', example: 'paid', maxLength: MAX_NAME })
  @IsName('the name of an event of the machine')
  event!: string;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'Any JSON, up to 256 KB; actions find it in step.event.data' })
  @Optional()
  @IsJson()
  data?: Json;

  @ApiPropertyOptional({
    description: "The sender's own name of the event: the same one twice is one event",
    minLength: 1,
    maxLength: MAX_DEDUPE_ID,
    example: 'payment-817',
  })
  @Optional()
  @IsText(1, MAX_DEDUPE_ID)
  dedupeId?: string;
}

@ApiSchema({ name: 'EventReceipt' })
export class EventReceiptDto implements EventReceipt {
  @ApiProperty({ enum: OUTCOMES, description: OUTCOME })
  outcome!: EventReceipt['outcome'];
}

@ApiSchema({ name: 'InboxItem' })
export class InboxItemDto implements InboxItem {
  @ApiProperty({ type: 'integer' })
  id!: number;

  @ApiProperty({ example: 'paid' })
  event!: string;

  @ApiProperty({ ...ANY_JSON, nullable: true })
  data!: Json | null;

  @ApiProperty({ format: 'date-time' })
  receivedAt!: string;
}

@ApiSchema({ name: 'Inbox' })
export class InboxDto {
  @ApiProperty({ type: [InboxItemDto], description: 'Oldest first' })
  items!: readonly InboxItemDto[];
}
