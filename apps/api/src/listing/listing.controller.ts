import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ArchivedMachines, MachineListing, type MachineTally } from '@stile/machine';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { DefinitionFilterDto, filterOf, ListQueryDto } from './list-query.dto';
import { FailureGroupsDto, MachineCountsDto, MachinePageDto } from './listing.dto';
import { Tallies } from './tallies';

/** All machines, to look through. */
@ApiTags('machines')
@ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
@Needs('viewer')
@Scoped('itself')
@Controller('v1')
export class ListingController {
  constructor(
    private readonly listing: MachineListing,
    private readonly tallies: Tallies,
    private readonly archived: ArchivedMachines,
  ) {}

  @Get('machines')
  @ApiOperation({ summary: 'Machines, page by page; all conditions that are given must hold' })
  @ApiResponse({ status: 200, type: MachinePageDto })
  async list(@Query(dtoPipe(ListQueryDto)) query: ListQueryDto, @CallerScope() scope: Scope): Promise<MachinePageDto> {
    const { cursor, limit, archived } = query;
    const filter = scope.narrow(filterOf(query));
    if (!filter) return { items: [], next: null };
    const source = archived === 'true' ? this.archived : this.listing;
    return source.list(filter, {
      ...(cursor === undefined ? {} : { cursor }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    });
  }

  @Get('counts')
  @ApiOperation({ summary: 'How many machines there are, by definition, status and state' })
  @ApiResponse({ status: 200, type: MachineCountsDto })
  async counts(
    @Query(dtoPipe(DefinitionFilterDto)) query: DefinitionFilterDto,
    @CallerScope() scope: Scope,
  ): Promise<MachineCountsDto> {
    const tally = await this.tallyOf(query, scope);
    if (tally) return { items: tally.counts, ...(tally.complete ? {} : { partial: true }) };
    const items = await this.listing.counts(query.machine, numberOf(query.version));
    return { items: items.filter(({ machine }) => scope.hasDefinition(machine)) };
  }

  @Get('failures')
  @ApiOperation({ summary: 'Failed machines, grouped by definition, state and error' })
  @ApiResponse({ status: 200, type: FailureGroupsDto })
  async failures(
    @Query(dtoPipe(DefinitionFilterDto)) query: DefinitionFilterDto,
    @CallerScope() scope: Scope,
  ): Promise<FailureGroupsDto> {
    const tally = await this.tallyOf(query, scope);
    if (tally) return { items: tally.failures, ...(tally.complete ? {} : { partial: true }) };
    const items = await this.listing.failures(query.machine, numberOf(query.version));
    return { items: items.filter(({ machine }) => scope.hasDefinition(machine)) };
  }

  /**
   * What the store counts is of all tenants together: a tenant's machines are looked at one by one, for all definitions at once, whichever is
   * asked for. Otherwise each name and version that somebody thinks up would cost as much again. Nothing for callers of no tenant.
   */
  private async tallyOf({ machine, version }: DefinitionFilterDto, scope: Scope): Promise<MachineTally | undefined> {
    if (scope.tenant === undefined) return undefined;
    const { idPrefix = '', ...filter } = scope.narrow({}) ?? {};
    const { counts, failures, complete } = await this.tallies.of({ ...filter, idPrefix });
    const isAsked = (one: { readonly machine: string; readonly version: number }): boolean =>
      (machine === undefined || one.machine === machine) && (version === undefined || one.version === numberOf(version));
    return { counts: counts.filter(isAsked), failures: failures.filter(isAsked), complete };
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
