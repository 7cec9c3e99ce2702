import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { DefinitionQueryDto, DefinitionsDto, DefinitionWithVersionsDto, StateDto, TransitionDto } from './definition.dto';

@ApiTags('definitions')
@ApiExtraModels(StateDto, TransitionDto)
@Controller('v1/definitions')
export class DefinitionsController {
  constructor(private readonly machines: Machines) {}

  @Get()
  @ApiOperation({ summary: 'All definitions that workers have published' })
  @ApiResponse({ status: 200, type: DefinitionsDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  @UseGuards(NoQueryGuard)
  async list(): Promise<DefinitionsDto> {
    return { items: await this.machines.definitions() };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A definition, the highest version unless another is asked for' })
  @ApiResponse({ status: 200, type: DefinitionWithVersionsDto })
  @ApiProblems('VALIDATION_FAILED', 'DEFINITION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(
    @Param('name') name: string,
    @Query(dtoPipe(DefinitionQueryDto)) { version }: DefinitionQueryDto,
  ): Promise<DefinitionWithVersionsDto> {
    const all = (await this.machines.definitions()).filter((definition) => definition.name === name);
    const versions = all.map((definition) => definition.version).sort((a, b) => a - b);
    const wanted = version === undefined ? versions.at(-1) : Number(version);
    const found = all.find((definition) => definition.version === wanted);
    if (found) return { ...found, versions };
    throw new ApiProblem(
      'DEFINITION_NOT_FOUND',
      versions.length > 0
        ? `"${name}" has no version ${version}; it has: ${versions.join(', ')}`
        : `no worker has published a machine named "${name}"; GET /v1/definitions lists those there are`,
    );
  }
}
