import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { MachineSteering } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { Scoped } from '../access/scoped';
import { dtoPipe, optionalDtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { answerMachine } from '../machines/etag';
import { machineIdPipe } from '../machines/machine-id';
import { MachineDto } from '../machines/machine.dto';
import { ApiProblems } from '../problems/api-problems.decorator';
import { ActDto, CancelDto, MoveDto } from './act.dto';

/** What an operator does to one machine. */
@ApiTags('steering')
@ApiResponse({ status: 200, type: MachineDto, description: 'The machine as it is then' })
@ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
@ApiProblems('STEERING_REFUSED', 'MACHINE_QUARANTINED', 'INVALID_ACT', 'STORE_UNAVAILABLE', 'INTERNAL')
@Needs('operator')
@Scoped('machine')
@UseGuards(NoQueryGuard)
@Controller('v1/machines/:id')
export class SteeringController {
  constructor(private readonly steering: MachineSteering) {}

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel it, and its children that do not outlive it; once cancelled it stays so' })
  @ApiBody({ type: CancelDto, required: false })
  async cancel(
    @Param('id', machineIdPipe) id: string,
    @Body(optionalDtoPipe(CancelDto)) act: CancelDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    return answerMachine(response, await this.steering.cancel(id, act));
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let the step in hand commit, then rest; timers and events wait' })
  @ApiBody({ type: ActDto, required: false })
  async pause(
    @Param('id', machineIdPipe) id: string,
    @Body(optionalDtoPipe(ActDto)) act: ActDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    return answerMachine(response, await this.steering.pause(id, act));
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on; what came due meanwhile is due now' })
  @ApiBody({ type: ActDto, required: false })
  async resume(
    @Param('id', machineIdPipe) id: string,
    @Body(optionalDtoPipe(ActDto)) act: ActDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    return answerMachine(response, await this.steering.resume(id, act));
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try the step of a failed machine again, with all its retries' })
  @ApiBody({ type: ActDto, required: false })
  async retry(
    @Param('id', machineIdPipe) id: string,
    @Body(optionalDtoPipe(ActDto)) act: ActDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    return answerMachine(response, await this.steering.retry(id, act));
  }

  @Post('move')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a machine that is not running to another state' })
  @ApiBody({ type: MoveDto })
  async move(
    @Param('id', machineIdPipe) id: string,
    @Body(dtoPipe(MoveDto)) { state, ...act }: MoveDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    return answerMachine(response, await this.steering.move(id, state, act));
  }
}
