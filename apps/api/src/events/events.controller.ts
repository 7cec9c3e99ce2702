import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { MachineEvents } from '@stile/machine';
import { Needs } from '../access/needs';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { machineIdPipe } from '../machines/machine-id';
import { found } from '../machines/not-found';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { EventReceiptDto, InboxDto, SendEventDto } from './event.dto';
import { itemIdPipe } from './item-id';

/** An inbox may have a thousand events of 256 KiB: more than a process can answer a few at a time. */
const SHOWN_BYTES = 4 * 1024 * 1024;

@ApiTags('events')
@Scoped('machine')
@UseGuards(NoQueryGuard)
@Controller('v1/machines/:id')
export class EventsController {
  constructor(private readonly events: MachineEvents) {}

  @Post('events')
  @Needs('starter')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send it an event, which waits in its inbox until a state takes it' })
  @ApiBody({ type: SendEventDto })
  @ApiResponse({ status: 202, type: EventReceiptDto, description: 'Stored' })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED')
  @ApiProblems('MACHINE_ENDED', 'EVENT_REJECTED', 'MACHINE_QUARANTINED', 'EVENT_TOO_LARGE')
  @ApiProblems('UNDECLARED_EVENT', 'INVALID_EVENT', 'RESULT_UNUSABLE', 'INBOX_FULL', 'STORE_UNAVAILABLE', 'INTERNAL')
  async send(@Param('id', machineIdPipe) id: string, @Body(dtoPipe(SendEventDto)) body: SendEventDto): Promise<EventReceiptDto> {
    const { outcome } = await this.events.send(id, body);
    return { outcome };
  }

  @Get('inbox')
  @Needs('viewer', 'starter')
  @ApiOperation({
    summary: 'Events that wait for a state to take them: the oldest, up to 4 MiB; `inbox` of the machine counts all',
  })
  @ApiResponse({ status: 200, type: InboxDto })
  @ApiProblems('VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'MACHINE_QUARANTINED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async inbox(@Param('id', machineIdPipe) id: string): Promise<InboxDto> {
    return { items: found(id, await this.events.inbox(id, SHOWN_BYTES)) };
  }

  @Delete('inbox/:item')
  @Needs('operator')
  @HttpCode(204)
  @ApiOperation({ summary: 'Drop one of them' })
  @ApiParam({ name: 'item', description: 'Its id in the list', schema: { type: 'integer', minimum: 0 } })
  @ApiResponse({ status: 204, description: 'Dropped' })
  @ApiProblems('VALIDATION_FAILED', 'INBOX_ITEM_NOT_FOUND', 'MACHINE_QUARANTINED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async drop(@Param('id', machineIdPipe) id: string, @Param('item', itemIdPipe) item: number): Promise<void> {
    if (await this.events.drop(id, item)) return;
    throw new ApiProblem(
      'INBOX_ITEM_NOT_FOUND',
      `no event ${item} waits in the inbox of machine "${id}"; it was taken or dropped, GET /v1/machines/${id}/inbox lists the others`,
    );
  }
}
