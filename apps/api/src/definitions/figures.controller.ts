import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Figures, Machines } from '@stile/machine';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { DefinitionQueryDto } from './definition.dto';
import { FiguresDto } from './figures.dto';
import { findDefinition } from './find-definition';

@ApiTags('definitions')
@Needs('viewer')
@Scoped('itself')
@Controller('v1/definitions/:name/figures')
export class FiguresController {
  constructor(
    private readonly machines: Machines,
    private readonly figures: Figures,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'How the states of a definition have done in the last minutes: throughput, time of steps, dwell time',
  })
  @ApiResponse({ status: 200, type: FiguresDto })
  @ApiProblems('VALIDATION_FAILED', 'DEFINITION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(
    @Param('name') name: string,
    @Query(dtoPipe(DefinitionQueryDto)) { version }: DefinitionQueryDto,
    @CallerScope() scope: Scope,
  ): Promise<FiguresDto> {
    scope.refuseTenant('GET /v1/counts is of its own machines');
    const { definition } = await findDefinition(this.machines, name, version, scope);
    return this.figures.of(definition.name, definition.version);
  }
}
