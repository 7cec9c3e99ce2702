import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import type { Request, Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { BulkResultDto, BulkStartDto } from './bulk-start.dto';
import { BulkStarter } from './bulk-starter';
import { CallerStarts } from './caller-starts';
import { answerMachine } from './etag';
import { MachineDto } from './machine.dto';
import { StartMachineDto } from './start-machine.dto';
import { takenProblem } from './taken';

@ApiTags('machines')
@Needs('starter')
@Scoped('itself')
@UseGuards(NoQueryGuard)
@Controller('v1/machines')
export class MachinesController {
  constructor(
    private readonly machines: Machines,
    private readonly bulk: BulkStarter,
    private readonly callers: CallerStarts,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Start a machine, once: the same id and payload again gives the existing one' })
  @ApiBody({ type: StartMachineDto })
  @ApiResponse({
    status: 201,
    type: MachineDto,
    description: 'Started',
    headers: { Location: { description: 'Path of the machine', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 200, type: MachineDto, description: 'The same start was there before' })
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED')
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CORRELATION_ID_TAKEN', 'MACHINE_QUARANTINED', 'CONTENT_TOO_LARGE')
  @ApiProblems('CONTEXT_TOO_LARGE', 'OUTSIDE_SCOPE')
  @ApiProblems('UNSUPPORTED_MEDIA_TYPE', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'INVALID_START', 'CONTEXT_NOT_JSON')
  @ApiProblems('TOO_MANY_STARTS', 'MEMORY_SHORT', 'STORE_UNAVAILABLE', 'INTERNAL')
  async start(
    @Body(dtoPipe(StartMachineDto)) body: StartMachineDto,
    @CallerScope() scope: Scope,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    scope.requireDefinition(body.machine);
    const correlationId = scope.newId(body.correlationId);
    await this.callers.admit(response.req);
    const result = await this.machines.start(correlationId === undefined ? body : { ...body, correlationId });
    if (result.outcome === 'conflict') throw takenProblem(result.correlationId);
    response.status(result.outcome === 'created' ? 201 : 200);
    response.setHeader('Location', `/v1/machines/${result.machine.correlationId}`);
    return answerMachine(response, result.machine);
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start up to 1,000 machines of one definition, with an outcome for each' })
  @ApiBody({ type: BulkStartDto })
  @ApiResponse({ status: 200, type: BulkResultDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNKNOWN_MACHINE')
  @ApiProblems('OUTSIDE_SCOPE', 'TOO_MANY_STARTS', 'MEMORY_SHORT', 'STORE_UNAVAILABLE', 'INTERNAL')
  async startMany(
    @Body(dtoPipe(BulkStartDto)) body: BulkStartDto,
    @CallerScope() scope: Scope,
    @Req() request: Request,
  ): Promise<BulkResultDto> {
    await this.callers.admit(request, body.items.length);
    return { items: await this.bulk.start(body, request.path, scope) };
  }
}
