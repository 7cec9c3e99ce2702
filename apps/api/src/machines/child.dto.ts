import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ChildView } from '@stile/machine';
import { errorDto, StepErrorDto } from './machine.dto';

const OUTCOMES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;

@ApiSchema({ name: 'Child' })
export class ChildDto implements ChildView {
  @ApiProperty()
  group!: string;

  @ApiProperty({ type: 'integer', description: 'Its place in the group, from 0' })
  index!: number;

  @ApiProperty({ example: 'trip-7.hotel' })
  correlationId!: string;

  @ApiProperty({ example: 'hotel' })
  machine!: string;

  @ApiProperty({ enum: OUTCOMES, description: '`pending`: not started yet · `running`: started, no result yet' })
  outcome!: ChildView['outcome'];

  @ApiProperty({ type: StepErrorDto, nullable: true })
  error!: StepErrorDto | null;
}

@ApiSchema({ name: 'Children' })
export class ChildrenDto {
  @ApiProperty({ type: [ChildDto], description: 'In their order' })
  items!: ChildDto[];
}

export function childDto(child: ChildView): ChildDto {
  return { ...child, error: errorDto(child.error) };
}
