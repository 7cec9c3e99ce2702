import { Controller, Get, Headers, Param, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import type { Response } from 'express';
import { countedAs } from '../access/caller';
import { Needs } from '../access/needs';
import { Scoped } from '../access/scoped';
import { fault } from '../http/fault';
import { NoQueryGuard } from '../http/no-query.guard';
import { machineIdPipe } from '../machines/machine-id';
import { found } from '../machines/not-found';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { StreamLimits } from './stream-limits';
import { Streams } from './streams';

const TOLD =
  '`history`: an item of the history, its number as the id · `machine`: the machine, when its status has changed · ' +
  '`lost` {count}: so many items that were asked for are kept no more · `end` {status}: it has ended; do not come back';

@ApiTags('machines')
@Needs('viewer', 'starter')
@Scoped('machine')
@UseGuards(NoQueryGuard)
@Controller('v1/machines/:id/stream')
export class StreamController {
  constructor(
    private readonly machines: Machines,
    private readonly streams: Streams,
    private readonly limits: StreamLimits,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What happens to it, as it happens: server-sent events' })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Only what came after the item of this number; EventSource sends it when it comes back',
  })
  @ApiResponse({ status: 200, description: TOLD, content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems(
    'VALIDATION_FAILED',
    'MACHINE_NOT_FOUND',
    'MACHINE_QUARANTINED',
    'TOO_MANY_STREAMS',
    'STORE_UNAVAILABLE',
    'INTERNAL',
  )
  async stream(
    @Param('id', machineIdPipe) id: string,
    @Headers('last-event-id') lastId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const after = numberOf(lastId);
    found(id, await this.machines.get(id));
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    const end = this.limits.take(countedAs(response.req.caller));
    if (response.closed) end();
    else response.once('close', end);
    await this.streams.open(id, after, response);
  }
}

/** EventSource sends none, or an empty one, before it has seen an id. */
function numberOf(lastId = ''): number {
  if (lastId === '') return 0;
  if (/^\d{1,15}$/.test(lastId)) return Number(lastId);
  throw ApiProblem.invalid([{ field: 'Last-Event-ID', problem: fault(lastId, 'the id of an event of this stream') }]);
}
