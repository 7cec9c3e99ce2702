import { Body, Controller, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Replays } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { optionalDtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { CallerStarts } from './caller-starts';
import { answerMachine } from './etag';
import { machineIdPipe } from './machine-id';
import { MachineDto } from './machine.dto';
import { ReplayDto } from './replay.dto';
import { takenProblem } from './taken';

/** New machines from recorded steps of old ones. */
@ApiTags('machines')
@Needs('operator')
@Scoped('machine')
@UseGuards(NoQueryGuard)
@Controller('v1/machines/:id')
export class ReplayController {
  constructor(
    private readonly replays: Replays,
    private readonly callers: CallerStarts,
  ) {}

  @Post('replay')
  @ApiOperation({
    summary:
      'Start a new machine that begins as a recorded step of this one did: state, event, its data, context; tags are copied',
  })
  @ApiBody({ type: ReplayDto, required: false })
  @ApiResponse({
    status: 201,
    type: MachineDto,
    description: 'Started; this one stays as it is',
    headers: { Location: { description: 'Path of the new machine', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 200, type: MachineDto, description: 'The same replay was there before' })
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED', 'DATA_DAMAGED')
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'CORRELATION_ID_TAKEN', 'MACHINE_QUARANTINED')
  @ApiProblems('STEP_NOT_RECORDED', 'OUTSIDE_SCOPE', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'INVALID_START', 'INVALID_ACT')
  @ApiProblems('CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'TOO_MANY_STARTS', 'MEMORY_SHORT', 'STORE_UNAVAILABLE', 'INTERNAL')
  async replay(
    @Param('id', machineIdPipe) id: string,
    @Body(optionalDtoPipe(ReplayDto)) body: ReplayDto,
    @CallerScope() scope: Scope,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    const correlationId = scope.newId(body.correlationId);
    await this.callers.admit(response.req);
    const result = await this.replays.replay(id, correlationId === undefined ? body : { ...body, correlationId });
    if (result.outcome === 'conflict') throw takenProblem(result.correlationId);
    response.status(result.outcome === 'created' ? 201 : 200);
    response.setHeader('Location', `/v1/machines/${result.machine.correlationId}`);
    return answerMachine(response, result.machine);
  }
}
