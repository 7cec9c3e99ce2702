import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ArchivedMachines, Machines } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { childDto, ChildrenDto } from './child.dto';
import { EndWaiter } from './end-waiter';
import { answerMachine } from './etag';
import { machineIdPipe } from './machine-id';
import { ChildrenQueryDto, DEFAULT_CHILDREN, HistoryQueryDto, MachineQueryDto, MAX_PAGE, waitMs } from './machine-query.dto';
import { attemptDto, HistoryDto, MachineDto } from './machine.dto';
import { found } from './not-found';

/** One machine, to look at: out of the store, or out of the archive where it has gone from there. */
@ApiTags('machines')
@ApiProblems('VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'MACHINE_QUARANTINED', 'STORE_UNAVAILABLE', 'INTERNAL')
@Needs('viewer', 'starter')
@Scoped('machine')
@Controller('v1/machines/:id')
export class MachineController {
  constructor(
    private readonly machines: Machines,
    private readonly waiter: EndWaiter,
    private readonly archived: ArchivedMachines,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A machine as it is now, or as soon as it has ended' })
  @ApiResponse({
    status: 200,
    type: MachineDto,
    headers: { ETag: { description: 'Its revision, quoted', schema: { type: 'string' } } },
  })
  async get(
    @Param('id', machineIdPipe) id: string,
    @Query(dtoPipe(MachineQueryDto)) { wait }: MachineQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    const view = await (wait === undefined ? this.machines.get(id) : this.waiter.wait(id, waitMs(wait) ?? 0, response));
    return answerMachine(response, found(id, view ?? (await this.archived.get(id))));
  }

  @Get('history')
  @ApiOperation({ summary: 'What happened to it, oldest first: one item per attempt and per act of an operator' })
  @ApiResponse({ status: 200, type: HistoryDto })
  async history(
    @Param('id', machineIdPipe) id: string,
    @Query(dtoPipe(HistoryQueryDto)) { after = '0', limit = String(MAX_PAGE) }: HistoryQueryDto,
  ): Promise<HistoryDto> {
    const part = [Number(after), Number(limit)] as const;
    const page = (await this.machines.historyAfter(id, ...part)) ?? (await this.archived.historyAfter(id, ...part));
    const { items, lost } = found(id, page);
    return { items: items.map(attemptDto), lost };
  }

  @Get('children')
  @ApiOperation({ summary: 'Machines that it has started, in order' })
  @ApiResponse({ status: 200, type: ChildrenDto })
  async children(
    @Param('id', machineIdPipe) id: string,
    @Query(dtoPipe(ChildrenQueryDto)) { group, from = '0', limit = String(DEFAULT_CHILDREN) }: ChildrenQueryDto,
    @CallerScope() scope: Scope,
  ): Promise<ChildrenDto> {
    const options = { ...(group === undefined ? {} : { group }), from: Number(from), limit: Number(limit) };
    const children = found(id, (await this.machines.children(id, options)) ?? (await this.archived.children(id, options)));
    return { items: children.filter(({ machine }) => scope.hasDefinition(machine)).map(childDto) };
  }
}
