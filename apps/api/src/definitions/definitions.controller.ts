import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { DefinitionQueryDto, DefinitionsDto, DefinitionWithVersionsDto, StateDto, TransitionDto } from './definition.dto';
import { findDefinition } from './find-definition';

@ApiTags('definitions')
@Needs('viewer', 'starter')
@Scoped('itself')
@ApiExtraModels(StateDto, TransitionDto)
@Controller('v1/definitions')
export class DefinitionsController {
  constructor(private readonly machines: Machines) {}

  @Get()
  @ApiOperation({ summary: 'All definitions that workers have published' })
  @ApiResponse({ status: 200, type: DefinitionsDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  @UseGuards(NoQueryGuard)
  async list(@CallerScope() scope: Scope): Promise<DefinitionsDto> {
    return { items: (await this.machines.definitions()).filter(({ name }) => scope.hasDefinition(name)) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A definition, the highest version unless another is asked for' })
  @ApiResponse({ status: 200, type: DefinitionWithVersionsDto })
  @ApiProblems('VALIDATION_FAILED', 'DEFINITION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(
    @Param('name') name: string,
    @Query(dtoPipe(DefinitionQueryDto)) { version }: DefinitionQueryDto,
    @CallerScope() scope: Scope,
  ): Promise<DefinitionWithVersionsDto> {
    const { definition, versions } = await findDefinition(this.machines, name, version, scope);
    return { ...definition, versions };
  }
}
