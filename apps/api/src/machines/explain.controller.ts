import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Explanations } from '@stile/machine';
import { Needs } from '../access/needs';
import { Scoped } from '../access/scoped';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { ExplanationDto } from './explanation.dto';
import { machineIdPipe } from './machine-id';
import { found } from './not-found';

/** Why a machine does not move. */
@ApiTags('machines')
@Needs('viewer', 'starter')
@Scoped('machine')
@UseGuards(NoQueryGuard)
@Controller('v1/machines/:id')
export class ExplainController {
  constructor(private readonly explanations: Explanations) {}

  @Get('explain')
  @ApiOperation({
    summary: 'Why it does not move, or that it does: one reason, one sentence; one that is set aside has one, too',
  })
  @ApiResponse({ status: 200, type: ExplanationDto })
  @ApiProblems('VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async explain(@Param('id', machineIdPipe) id: string): Promise<ExplanationDto> {
    return found(id, await this.explanations.explain(id));
  }
}
