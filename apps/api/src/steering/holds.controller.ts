import { Body, Controller, Delete, Get, HttpCode, Put, Query, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { MachineSteering, type HoldTarget } from '@stile/machine';
import { Needs } from '../access/needs';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { HoldDto, HoldQueryDto, HoldsDto, PutHoldDto } from './hold.dto';

/** Holds stop all machines of a definition, or those about to enter a state, those that start later included. */
@ApiTags('steering')
@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly steering: MachineSteering) {}

  @Get()
  @Needs('viewer')
  @UseGuards(NoQueryGuard)
  @ApiOperation({ summary: 'All holds there are' })
  @ApiResponse({ status: 200, type: HoldsDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(): Promise<HoldsDto> {
    return { items: await this.steering.holds() };
  }

  @Put()
  @Needs('admin')
  @UseGuards(NoQueryGuard)
  @ApiOperation({ summary: 'Hold a definition, a version of it, or a state; the same again changes nothing' })
  @ApiBody({ type: PutHoldDto })
  @ApiResponse({ status: 200, type: HoldDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'INVALID_ACT', 'STORE_UNAVAILABLE', 'INTERNAL')
  async hold(@Body(dtoPipe(PutHoldDto)) { by, why, ...target }: PutHoldDto): Promise<HoldDto> {
    return this.steering.hold(target, { ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { why }) });
  }

  @Delete()
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ summary: 'Let go what a hold has stopped' })
  @ApiResponse({ status: 204, description: 'Lifted' })
  @ApiProblems('VALIDATION_FAILED', 'HOLD_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async unhold(@Query(dtoPipe(HoldQueryDto)) { machine, version, state }: HoldQueryDto): Promise<void> {
    const target: HoldTarget = {
      machine,
      ...(version === undefined ? {} : { version: Number(version) }),
      ...(state === undefined ? {} : { state }),
    };
    if (await this.steering.unhold(target)) return;
    throw new ApiProblem('HOLD_NOT_FOUND', `there is no hold on ${nameOf(target)}; GET /v1/holds lists those there are`);
  }
}

function nameOf({ machine, version, state }: HoldTarget): string {
  return `${machine}${version === undefined ? '' : `@${version}`}${state === undefined ? '' : `/${state}`}`;
}
