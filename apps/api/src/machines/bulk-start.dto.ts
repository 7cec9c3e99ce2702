import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Optional } from '../http/optional.decorator';
import { IsContext, IsItems, IsName, MAX_NAME } from '../http/validators';
import { ProblemDto } from '../problems/problem.dto';
import { IsMachineId, MACHINE_ID } from './machine-id';
import { MachineDto } from './machine.dto';

export const MAX_BULK_ITEMS = 1000;
export const BULK_OUTCOMES = ['created', 'existing', 'conflict', 'rejected'] as const;

@ApiSchema({ name: 'BulkItem' })
export class BulkItemDto {
  @ApiPropertyOptional({ description: 'A new UUID when left out', pattern: MACHINE_ID.source })
  @Optional()
  @IsMachineId()
  correlationId?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, default: {} })
  @Optional()
  @IsContext()
  context?: Record<string, unknown>;
}

@ApiSchema({ name: 'BulkStart' })
export class BulkStartDto {
  @ApiProperty({ description: 'Name of a published definition', example: 'order', maxLength: MAX_NAME })
  @IsName('the name of a published machine')
  machine!: string;

  @ApiProperty({ type: [BulkItemDto], minItems: 1, maxItems: MAX_BULK_ITEMS })
  @IsItems(MAX_BULK_ITEMS)
  // Each is checked on its own: a bad one is rejected, the others start.
  items!: unknown[];
}

@ApiSchema({ name: 'BulkOutcome' })
export class BulkOutcomeDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'As it was given; null when a rejected item had none that is a string',
  })
  correlationId!: string | null;

  @ApiProperty({ enum: BULK_OUTCOMES })
  outcome!: (typeof BULK_OUTCOMES)[number];

  @ApiPropertyOptional({ type: MachineDto, description: 'With `created` and `existing`' })
  machine?: MachineDto;

  @ApiPropertyOptional({ type: ProblemDto, description: 'With `conflict` and `rejected`' })
  problem?: ProblemDto;
}

@ApiSchema({ name: 'BulkResult' })
export class BulkResultDto {
  @ApiProperty({ type: [BulkOutcomeDto], description: 'One for each item, in their order' })
  items!: BulkOutcomeDto[];
}
