import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import type { Request, Response } from 'express';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { BulkResultDto, BulkStartDto } from './bulk-start.dto';
import { BulkStarter } from './bulk-starter';
import { machineIdPipe } from './machine-id';
import { HistoryDto, historyDto, MachineDto, machineDto } from './machine.dto';
import { StartMachineDto } from './start-machine.dto';
import { takenProblem } from './taken';

@ApiTags('machines')
@UseGuards(NoQueryGuard)
@Controller('v1/machines')
export class MachinesController {
  constructor(
    private readonly machines: Machines,
    private readonly bulk: BulkStarter,
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
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CORRELATION_ID_TAKEN', 'MACHINE_QUARANTINED', 'CONTENT_TOO_LARGE')
  @ApiProblems('CONTEXT_TOO_LARGE', 'CONTENT_TOO_LARGE')
  @ApiProblems('UNSUPPORTED_MEDIA_TYPE', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'INVALID_START', 'CONTEXT_NOT_JSON')
  @ApiProblems('STORE_UNAVAILABLE', 'INTERNAL')
  async start(
    @Body(dtoPipe(StartMachineDto)) body: StartMachineDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    const result = await this.machines.start(body);
    if (result.outcome === 'conflict') throw takenProblem(result.correlationId);
    response.status(result.outcome === 'created' ? 201 : 200);
    response.setHeader('Location', `/v1/machines/${result.machine.correlationId}`);
    return machineDto(result.machine);
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start up to 1,000 machines of one definition, with an outcome for each' })
  @ApiBody({ type: BulkStartDto })
  @ApiResponse({ status: 200, type: BulkResultDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNKNOWN_MACHINE')
  @ApiProblems('STORE_UNAVAILABLE', 'INTERNAL')
  async startMany(@Body(dtoPipe(BulkStartDto)) body: BulkStartDto, @Req() { path }: Request): Promise<BulkResultDto> {
    return { items: await this.bulk.start(body, path) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A machine as it is now' })
  @ApiResponse({ status: 200, type: MachineDto })
  @ApiProblems('VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'MACHINE_QUARANTINED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(@Param('id', machineIdPipe) id: string): Promise<MachineDto> {
    return machineDto((await this.machines.get(id)) ?? notFound(id));
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'The newest 1,000 attempts at its steps, oldest first' })
  @ApiResponse({ status: 200, type: HistoryDto })
  @ApiProblems('VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'MACHINE_QUARANTINED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async history(@Param('id', machineIdPipe) id: string): Promise<HistoryDto> {
    return historyDto((await this.machines.history(id)) ?? notFound(id));
  }
}

function notFound(id: string): never {
  throw new ApiProblem('MACHINE_NOT_FOUND', `there is no machine "${id}"; it may have been removed after its retention time`);
}
