import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { DefinitionFigures, StateFigures } from '@stile/machine';

const SOMETIMES = { type: 'number', nullable: true } as const;

@ApiSchema({ name: 'StateFigures' })
export class StateFiguresDto implements StateFigures {
  @ApiProperty()
  state!: string;

  @ApiProperty({ description: 'Committed steps that led to it' })
  perMinute!: number;

  @ApiProperty({ ...SOMETIMES, description: 'Median time of their actions, ms; null where there were none' })
  p50Ms!: number | null;

  @ApiProperty({ ...SOMETIMES, description: 'A twentieth took longer' })
  p95Ms!: number | null;

  @ApiProperty({ ...SOMETIMES, description: 'Median of how long machines were in it that have left it, ms; null where none has' })
  dwellP50Ms!: number | null;

  @ApiProperty({ ...SOMETIMES, description: 'A twentieth was in it longer' })
  dwellP95Ms!: number | null;
}

@ApiSchema({ name: 'Figures' })
export class FiguresDto implements DefinitionFigures {
  @ApiProperty({ type: [StateFiguresDto], description: 'States in which something has happened, by name' })
  states!: readonly StateFiguresDto[];

  @ApiProperty({ type: 'integer', description: 'The time they are of, until now, ms: four to five minutes' })
  windowMs!: number;
}
