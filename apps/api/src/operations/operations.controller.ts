import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidOperationError, OperationNotFoundError, Operations } from '@stile/machine';
import type { Response } from 'express';
import { refuseLargeData } from '../events/data-limit';
import { dtoPipe } from '../http/dto.pipe';
import { fault } from '../http/fault';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { OPERATION_ID, OPERATION_ID_WANTED, OperationDto, OperationStartedDto, SendToManyDto } from './operation.dto';

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
  @HttpCode(202)
  @ApiOperation({ summary: 'Send an event to all machines of a name or with a tag, in the background' })
  @ApiBody({ type: SendToManyDto })
  @ApiResponse({
    status: 202,
    type: OperationStartedDto,
    description: 'Stored; workers send it',
    headers: { Location: { description: 'Path of the operation', schema: { type: 'string' } } },
  })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'OPERATION_ID_TAKEN')
  @ApiProblems('UNKNOWN_MACHINE', 'UNDECLARED_EVENT', 'STORE_UNAVAILABLE', 'INTERNAL')
  async send(
    @Body(dtoPipe(SendToManyDto)) { operationId: id, ...request }: SendToManyDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationStartedDto> {
    refuseLargeData('data', request.data);
    try {
      const operationId = await this.operations.sendToMany({ ...request, ...(id === undefined ? {} : { id }) });
      response.setHeader('Location', `/v1/operations/${operationId}`);
      return { operationId };
    } catch (error) {
      if (!(error instanceof InvalidOperationError)) throw error;
      throw ApiProblem.invalid([{ field: error.field, problem: error.message.replace(`${error.field} `, '') }]);
    }
  }

  @Get('operations/:id')
  @ApiOperation({ summary: 'How an operation stands; kept for 7 days after its end' })
  @ApiResponse({ status: 200, type: OperationDto })
  @ApiProblems('VALIDATION_FAILED', 'OPERATION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async get(@Param('id', idPipe) id: string): Promise<OperationDto> {
    const view = await this.operations.get(id);
    if (!view) throw new OperationNotFoundError(id);
    return view;
  }

  @Post('operations/:id/stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reach no further machines; one that has ended stays as it is' })
  @ApiResponse({ status: 200, type: OperationDto })
  @ApiProblems('VALIDATION_FAILED', 'OPERATION_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  stop(@Param('id', idPipe) id: string): Promise<OperationDto> {
    return this.operations.stop(id);
  }
}
