import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { OperationNotFoundError, Operations, type OperationView } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { fault } from '../http/fault';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { answerStarted, StartsOperation } from './answer-started';
import { filterOf } from './filter.dto';
import { heldFilter } from './held-filter';
import { OperationDto, OperationsDto, showOperation } from './operation.dto';
import { ActOnManyDto, OPERATION_ID, OPERATION_ID_WANTED, type OperationStartedDto, SendToManyDto } from './start-operation.dto';

/** For ids in a path. @throws ApiProblem VALIDATION_FAILED */
const idPipe = {
  transform(id: string): string {
    if (!OPERATION_ID.test(id)) throw ApiProblem.invalid([{ field: 'id', problem: fault(id, OPERATION_ID_WANTED) }]);
    return id;
  },
};

@ApiTags('operations')
@UseGuards(NoQueryGuard)
@Controller('v1')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  @Post('events')
  @Needs('admin')
  @ApiOperation({ summary: 'Send an event to all machines of a name or with a tag, in the background' })
  @ApiBody({ type: SendToManyDto })
  @StartsOperation()
  @ApiProblems('UNKNOWN_MACHINE', 'UNDECLARED_EVENT', 'EVENT_TOO_LARGE')
  send(
    @Body(dtoPipe(SendToManyDto)) { operationId: id, ...request }: SendToManyDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationStartedDto> {
    return answerStarted(response, () => this.operations.sendToMany({ ...request, ...(id === undefined ? {} : { id }) }));
  }

  @Post('operations')
  @Needs('admin')
  @Scoped('itself')
  @ApiOperation({ summary: 'Retry, cancel, pause or resume all machines that match, in the background' })
  @ApiBody({ type: ActOnManyDto })
  @StartsOperation()
  @ApiProblems('UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'OUTSIDE_SCOPE')
  act(
    @Body(dtoPipe(ActOnManyDto)) { operationId: id, filter, ...request }: ActOnManyDto,
    @CallerScope() scope: Scope,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationStartedDto> {
    const own = id === undefined ? {} : { id: scope.ownName(id) };
    const wanted = { ...request, filter: heldFilter(filterOf(filter), scope), ...own };
    return answerStarted(response, () => this.operations.act(wanted));
  }

  @Get('operations')
  @Needs('viewer')
  @Scoped('itself')
  @ApiOperation({ summary: 'Operations that run or ended in the last 7 days, newest first' })
  @ApiResponse({ status: 200, type: OperationsDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(@CallerScope() scope: Scope): Promise<OperationsDto> {
    return { items: (await this.operations.list()).filter((view) => covers(scope, view)).map(showOperation) };
  }

  @Get('operations/:id')
  @Needs('viewer')
  @Scoped('itself')
  @ApiOperation({ summary: 'How an operation stands; kept for 7 days after its end' })
  @ApiResponse({ status: 200, type: OperationDto })
  @ApiProblems('VALIDATION_FAILED', 'OPERATION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(@Param('id', idPipe) id: string, @CallerScope() scope: Scope): Promise<OperationDto> {
    return showOperation(await this.find(id, scope));
  }

  @Post('operations/:id/stop')
  @Needs('admin')
  @Scoped('itself')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reach no further machines; one that has ended stays as it is' })
  @ApiResponse({ status: 200, type: OperationDto })
  @ApiProblems('VALIDATION_FAILED', 'OPERATION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async stop(@Param('id', idPipe) id: string, @CallerScope() scope: Scope): Promise<OperationDto> {
    const own = scope.isWhole ? id : (await this.find(id, scope)).id;
    return showOperation(await this.operations.stop(own));
  }

  /** One of machines outside the scope is none. Its caller need not know what it was called within: see `Scope.ownName`. */
  private async find(id: string, scope: Scope): Promise<OperationView> {
    for (const name of new Set([scope.ownName(id), id])) {
      const view = await this.operations.get(name);
      if (view && covers(scope, view)) return view;
    }
    throw new OperationNotFoundError(id);
  }
}

function covers(scope: Scope, { filter }: OperationView): boolean {
  return scope.isWhole || (!('all' in filter) && scope.covers(filter));
}
