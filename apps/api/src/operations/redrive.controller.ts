import { Body, Controller, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Operations } from '@stile/machine';
import type { Response } from 'express';
import { optionalDtoPipe } from '../http/dto.pipe';
import { fault } from '../http/fault';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { answerStarted, StartsOperation } from './answer-started';
import { type OperationStartedDto, RedriveDto } from './start-operation.dto';

/** @throws ApiProblem VALIDATION_FAILED */
const groupPipe = {
  transform(group: string): string {
    if (/^[0-9a-f]{16}$/.test(group)) return group;
    throw ApiProblem.invalid([
      { field: 'group', problem: fault(group, 'the id of a group, 16 of 0-9 a-f, as GET /v1/failures lists it') },
    ]);
  },
};

@ApiTags('failures')
@UseGuards(NoQueryGuard)
@Controller('v1/failures')
export class RedriveController {
  constructor(private readonly operations: Operations) {}

  @Post(':group/redrive')
  @ApiOperation({ summary: 'Retry the machines of a group, a few at first; stops by itself when they fail again' })
  @ApiBody({ type: RedriveDto, required: false })
  @StartsOperation()
  @ApiProblems('FAILURE_GROUP_NOT_FOUND')
  redrive(
    @Param('group', groupPipe) group: string,
    @Body(optionalDtoPipe(RedriveDto)) { operationId: id, count = 'all', ...who }: RedriveDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperationStartedDto> {
    const wanted = { ...who, group, ...(count === 'all' ? {} : { count }), ...(id === undefined ? {} : { id }) };
    return answerStarted(response, () => this.operations.redrive(wanted));
  }
}
