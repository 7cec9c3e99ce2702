import { ApiPropertyOptional } from '@nestjs/swagger';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { DefinitionQueryDto } from './definition.dto';

export const GRAPH_FORMATS = ['svg', 'dot', 'mermaid', 'asl', 'xstate', 'json'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export class GraphQueryDto extends DefinitionQueryDto {
  @ApiPropertyOptional({ enum: GRAPH_FORMATS, default: 'svg' })
  @Optional()
  @Fits(`one of ${GRAPH_FORMATS.join(', ')}`, (value) => (GRAPH_FORMATS as readonly unknown[]).includes(value))
  format?: GraphFormat;
}
