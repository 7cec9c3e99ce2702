import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, Matches } from 'class-validator';
import { Optional } from '../http/optional.decorator';
import { IsContext } from '../http/validators';
import { ProblemDto } from '../problems/problem.dto';
import { MACHINE_ID, MACHINE_ID_PROBLEM } from './machine-id';
import { MachineDto } from './machine.dto';

export const MAX_BULK_ITEMS = 1000;
export const BULK_OUTCOMES = ['created', 'existing', 'conflict', 'rejected'] as const;

@ApiSchema({ name: 'BulkItem' })
export class BulkItemDto {
  @ApiPropertyOptional({ description: 'A new UUID when left out', pattern: MACHINE_ID.source })
  @Optional()
  @Matches(MACHINE_ID, { message: `correlationId ${MACHINE_ID_PROBLEM}` })
  correlationId?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, default: {} })
  @Optional()
  @IsContext()
  context?: Record<string, unknown>;
}

@ApiSchema({ name: 'BulkStart' })
export class BulkStartDto {
  @ApiProperty({ description: 'Name of a published definition', example: 'order', maxLength: 128 })
  @IsString()
  @Length(1, 128)
  machine!: string;

  @ApiProperty({ type: [BulkItemDto], minItems: 1, maxItems: MAX_BULK_ITEMS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK_ITEMS)
  // Each is checked on its own: a bad one is rejected, the others start.
  items!: unknown[];
}

@ApiSchema({ name: 'BulkOutcome' })
export class BulkOutcomeDto {
  @ApiProperty({ type: 'string', nullable: true, description: 'null when a rejected item had no usable one' })
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
