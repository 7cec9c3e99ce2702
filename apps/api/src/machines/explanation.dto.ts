import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { REASONS, type Explanation, type Reason } from '@stile/machine';
import { StepErrorDto } from './machine.dto';

@ApiSchema({ name: 'Explanation' })
export class ExplanationDto implements Explanation {
  @ApiProperty({ enum: REASONS, description: 'Exactly one at a time' })
  reason!: Reason;

  @ApiProperty({ description: 'For people; may change', example: 'retry 3 of 5 in 12 s after "the bank is down"' })
  text!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Since when it is so' })
  since!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When that ends by itself' })
  until!: string | null;

  @ApiPropertyOptional({ description: 'Who runs it, or was running it' })
  worker?: string;

  @ApiPropertyOptional({ type: 'integer' })
  fence?: number;

  @ApiPropertyOptional({ type: [String], description: 'That its state takes from outside' })
  events?: readonly string[];

  @ApiPropertyOptional({ type: 'integer', description: 'Events in its inbox, for a later state' })
  inbox?: number;

  @ApiPropertyOptional({ description: 'Event of the timer that is due first' })
  timer?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Number of the retry to come, from 1' })
  retry?: number;

  @ApiPropertyOptional({ type: 'integer' })
  maxRetries?: number;

  @ApiPropertyOptional({ type: StepErrorDto })
  error?: StepErrorDto;

  @ApiPropertyOptional({ description: 'Who stopped it' })
  by?: string;

  @ApiPropertyOptional()
  why?: string;

  @ApiPropertyOptional({ example: 'order/charge' })
  hold?: string;

  @ApiPropertyOptional()
  queue?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Jobs that wait in that queue' })
  jobs?: number;

  @ApiPropertyOptional({ example: 'order@2' })
  definition?: string;

  @ApiPropertyOptional({ description: 'Of the children that it waits for' })
  group?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Children in that group' })
  children?: number;

  @ApiPropertyOptional({ type: 'integer' })
  childrenEnded?: number;

  @ApiPropertyOptional({ example: 'tenant:acme', description: 'Limits that it waits for' })
  limit?: string;

  @ApiPropertyOptional({ type: 'integer' })
  slotsInUse?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Of how many; not where only a rate limits' })
  slots?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Machines before it in line' })
  before?: number;
}
