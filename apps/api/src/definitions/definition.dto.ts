import { ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { Definition, RetryPolicy, StateDefinition, Transition } from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';

@ApiSchema({ name: 'Transition' })
export class TransitionDto implements Transition {
  @ApiProperty()
  event!: string;

  @ApiProperty()
  target!: string;

  @ApiPropertyOptional({ description: 'Name of the action run between exit and entry' })
  action?: string;

  @ApiProperty({ description: 'Chained inside the same step' })
  local!: boolean;
}

@ApiSchema({ name: 'RetryPolicy' })
export class RetryPolicyDto implements RetryPolicy {
  @ApiPropertyOptional({ type: 'integer' })
  maxRetries?: number;

  @ApiPropertyOptional({ default: 1000 })
  baseMs?: number;

  @ApiPropertyOptional({ default: 60_000 })
  capMs?: number;
}

@ApiSchema({ name: 'State' })
export class StateDto implements StateDefinition {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  final!: boolean;

  @ApiPropertyOptional()
  entryAction?: string;

  @ApiPropertyOptional({ description: 'Its result is the next event; without one the machine waits' })
  doAction?: string;

  @ApiPropertyOptional()
  exitAction?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TransitionDto) },
    description: 'By event',
  })
  transitions!: Record<string, TransitionDto>;

  @ApiPropertyOptional({ type: RetryPolicyDto })
  retry?: RetryPolicyDto;

  @ApiPropertyOptional({ description: 'Event that the last failed attempt turns into' })
  onExhausted?: string;
}

@ApiSchema({ name: 'Definition' })
export class DefinitionDto implements Definition {
  @ApiProperty({ example: 'order' })
  name!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ type: 'integer' })
  maxRetries!: number;

  @ApiProperty({ example: 'machines' })
  queue!: string;

  @ApiPropertyOptional({ description: 'How long a finished machine is kept, ms' })
  retentionMs?: number;

  @ApiProperty({ description: 'Name of the initial state' })
  initial!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(StateDto) },
    description: 'By name',
  })
  states!: Record<string, StateDto>;
}

@ApiSchema({ name: 'DefinitionWithVersions' })
export class DefinitionWithVersionsDto extends DefinitionDto {
  @ApiProperty({ type: [Number], description: 'All published versions of this name, ascending' })
  versions!: number[];
}

@ApiSchema({ name: 'Definitions' })
export class DefinitionsDto {
  @ApiProperty({ type: [DefinitionDto], description: 'All versions of all, by name and version' })
  items!: readonly DefinitionDto[];
}

export class DefinitionQueryDto {
  @ApiPropertyOptional({
    description: 'The highest one when left out',
    pattern: '^[1-9][0-9]{0,14}$',
    example: '1',
  })
  @Optional()
  @Fits('a whole number from 1', (value) => typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value))
  version?: string;
}
