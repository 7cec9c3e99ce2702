import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ArchivedMachines, MachineListing } from '@stile/machine';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { DefinitionFilterDto, filterOf, ListQueryDto } from './list-query.dto';
import { FailureGroupsDto, MachineCountsDto, MachinePageDto } from './listing.dto';

/** All machines, to look through. */
@ApiTags('machines')
@ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
@Controller('v1')
export class ListingController {
  constructor(
    private readonly listing: MachineListing,
    private readonly archived: ArchivedMachines,
  ) {}

  @Get('machines')
  @ApiOperation({ summary: 'Machines, page by page; all conditions that are given must hold' })
  @ApiResponse({ status: 200, type: MachinePageDto })
  async list(@Query(dtoPipe(ListQueryDto)) query: ListQueryDto): Promise<MachinePageDto> {
    const { cursor, limit, archived } = query;
    const source = archived === 'true' ? this.archived : this.listing;
    return source.list(filterOf(query), {
      ...(cursor === undefined ? {} : { cursor }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    });
  }

  @Get('counts')
  @ApiOperation({ summary: 'How many machines there are, by definition, status and state' })
  @ApiResponse({ status: 200, type: MachineCountsDto })
  async counts(@Query(dtoPipe(DefinitionFilterDto)) { machine, version }: DefinitionFilterDto): Promise<MachineCountsDto> {
    return { items: await this.listing.counts(machine, numberOf(version)) };
  }

  @Get('failures')
  @ApiOperation({ summary: 'Failed machines, grouped by definition, state and error' })
  @ApiResponse({ status: 200, type: FailureGroupsDto })
  async failures(@Query(dtoPipe(DefinitionFilterDto)) { machine, version }: DefinitionFilterDto): Promise<FailureGroupsDto> {
    return { items: await this.listing.failures(machine, numberOf(version)) };
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
