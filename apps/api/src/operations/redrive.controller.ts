import { Body, Controller, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Operations } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { optionalDtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { answerStarted, StartsOperation } from './answer-started';
import { groupPipe } from './failure-group';
import { type OperationStartedDto, RedriveDto } from './start-operation.dto';

@ApiTags('failures')
@Needs('admin')
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
