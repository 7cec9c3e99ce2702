import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallbackGoneError, MachineEvents } from '@stile/machine';
import { Needs } from '../access/needs';
import { DETAILS_LIMIT_BYTES, refuseLargeData } from '../events/data-limit';
import { SendEventDto } from '../events/event.dto';
import { dtoPipe, optionalDtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { CallbackReceiptDto, TaskAliveDto, TaskFailureDto, TaskHeartbeatDto } from './callback.dto';

const MAX_TOKEN = 1024;

/** Says nothing of the token, whatever is wrong with it: what a problem shows gets into logs. */
const tokenPipe = {
  transform(token: string): string {
    if (token.length > MAX_TOKEN) throw new CallbackGoneError();
    return token;
  },
};

/** For programs outside that do what a state waits for. The token is all they need to know, and all that lets them in. */
@ApiTags('callbacks')
@ApiParam({ name: 'token', description: 'As `step.callback` gave it' })
@ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CALLBACK_GONE', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
@ApiProblems('STORE_UNAVAILABLE', 'INTERNAL')
// The token itself is what lets in.
@Needs('nobody')
@UseGuards(NoQueryGuard)
@Controller('v1/callbacks/:token')
export class CallbacksController {
  constructor(private readonly events: MachineEvents) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'The task is done: its event goes to the machine. Once' })
  @ApiBody({ type: SendEventDto })
  @ApiResponse({ status: 202, type: CallbackReceiptDto })
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED')
  @ApiProblems('MACHINE_ENDED', 'EVENT_REJECTED', 'MACHINE_QUARANTINED', 'EVENT_TOO_LARGE')
  @ApiProblems('UNDECLARED_EVENT', 'INVALID_EVENT', 'RESULT_UNUSABLE', 'INBOX_FULL')
  async complete(
    @Param('token', tokenPipe) token: string,
    @Body(dtoPipe(SendEventDto)) body: SendEventDto,
  ): Promise<CallbackReceiptDto> {
    const { correlationId, outcome } = await this.events.complete(token, body);
    return { correlationId, outcome };
  }

  @Post('failure')
  @HttpCode(202)
  @ApiOperation({ summary: 'The task has failed: the event that the token was made with goes to the machine. Once' })
  @ApiBody({ type: TaskFailureDto })
  @ApiResponse({ status: 202, type: CallbackReceiptDto })
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED')
  @ApiProblems('MACHINE_ENDED', 'EVENT_REJECTED', 'MACHINE_QUARANTINED')
  @ApiProblems('UNDECLARED_EVENT', 'INBOX_FULL')
  async fail(
    @Param('token', tokenPipe) token: string,
    @Body(dtoPipe(TaskFailureDto)) { code, message }: TaskFailureDto,
  ): Promise<CallbackReceiptDto> {
    const { correlationId, outcome } = await this.events.failTask(token, { code, message });
    return { correlationId, outcome };
  }

  @Post('heartbeat')
  @HttpCode(200)
  @ApiOperation({ summary: 'The task is alive: the time of its token begins anew' })
  @ApiBody({ type: TaskHeartbeatDto, required: false })
  @ApiResponse({ status: 200, type: TaskAliveDto })
  @ApiProblems('RESULT_UNUSABLE')
  async heartbeat(
    @Param('token', tokenPipe) token: string,
    @Body(optionalDtoPipe(TaskHeartbeatDto)) { details }: TaskHeartbeatDto,
  ): Promise<TaskAliveDto> {
    refuseLargeData('details', details, DETAILS_LIMIT_BYTES);
    const { correlationId, expiresAt } = await this.events.heartbeat(token, details);
    return { correlationId, expiresAt };
  }
}
