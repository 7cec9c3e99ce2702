import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  InvalidScheduleError,
  Machines,
  ScheduleNotFoundError,
  Schedules,
  UnknownMachineError,
  UnknownVersionError,
  type Schedule,
  type ScheduleView,
} from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, outside, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { scheduleNamePipe } from './schedule-name';
import { PutScheduleDto, ScheduleDto, ScheduleFieldsDto, SchedulesDto, TriggeredDto } from './schedule.dto';

@ApiTags('schedules')
@Needs('operator')
@Scoped('itself')
@UseGuards(NoQueryGuard)
@Controller('v1/schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: Schedules,
    private readonly machines: Machines,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Make a schedule, or replace the one of this name; the same one again changes nothing' })
  @ApiBody({ type: PutScheduleDto })
  @ApiResponse({ status: 200, type: ScheduleDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'CONTEXT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('OUTSIDE_SCOPE', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'CONTEXT_NOT_JSON', 'STORE_UNAVAILABLE', 'INTERNAL')
  post(@Body(dtoPipe(PutScheduleDto)) body: PutScheduleDto, @CallerScope() scope: Scope): Promise<ScheduleDto> {
    return this.write(body, scope);
  }

  @Put(':name')
  @ApiOperation({ summary: 'The same, with the name in the path' })
  @ApiBody({ type: ScheduleFieldsDto })
  @ApiResponse({ status: 200, type: ScheduleDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'CONTEXT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('OUTSIDE_SCOPE', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'CONTEXT_NOT_JSON', 'STORE_UNAVAILABLE', 'INTERNAL')
  put(
    @Param('name', scheduleNamePipe) name: string,
    @Body(dtoPipe(ScheduleFieldsDto)) body: ScheduleFieldsDto,
    @CallerScope() scope: Scope,
  ): Promise<ScheduleDto> {
    return this.write({ ...body, name }, scope);
  }

  @Get()
  @Needs('viewer')
  @ApiOperation({ summary: 'All schedules' })
  @ApiResponse({ status: 200, type: SchedulesDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(@CallerScope() scope: Scope): Promise<SchedulesDto> {
    return { items: (await this.schedules.list()).filter((schedule) => scope.hasSchedule(schedule)) };
  }

  @Get(':name')
  @Needs('viewer')
  @ApiOperation({ summary: 'A schedule, and how it stands' })
  @ApiResponse({ status: 200, type: ScheduleDto })
  @ApiProblems('VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  get(@Param('name', scheduleNamePipe) name: string, @CallerScope() scope: Scope): Promise<ScheduleDto> {
    return this.find(name, scope);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove it; slots that wait are dropped, machines that were started go on' })
  @ApiResponse({ status: 204, description: 'Removed' })
  @ApiProblems('VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async remove(@Param('name', scheduleNamePipe) name: string, @CallerScope() scope: Scope): Promise<void> {
    if (!scope.isWhole) await this.find(name, scope);
    if (!(await this.schedules.remove(name))) throw new ScheduleNotFoundError(name);
  }

  @Post(':name/stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start nothing more; slots that wait are dropped' })
  @ApiResponse({ status: 200, type: ScheduleDto })
  @ApiProblems('VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async stop(@Param('name', scheduleNamePipe) name: string, @CallerScope() scope: Scope): Promise<ScheduleDto> {
    if (!scope.isWhole) await this.find(name, scope);
    return this.schedules.stop(name);
  }

  @Post(':name/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on from now; slots that passed while it was stopped are left out' })
  @ApiResponse({ status: 200, type: ScheduleDto })
  @ApiProblems('VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async start(@Param('name', scheduleNamePipe) name: string, @CallerScope() scope: Scope): Promise<ScheduleDto> {
    if (!scope.isWhole) await this.find(name, scope);
    return this.schedules.start(name);
  }

  @Post(':name/trigger')
  @HttpCode(201)
  @ApiOperation({ summary: 'Start its machine now, whatever its overlap policy, also while it is stopped' })
  @ApiResponse({
    status: 201,
    type: TriggeredDto,
    description: 'Started',
    headers: { Location: { description: 'Path of the machine', schema: { type: 'string' } } },
  })
  @ApiProblems('VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND', 'UNKNOWN_MACHINE', 'UNKNOWN_VERSION', 'STORE_UNAVAILABLE', 'INTERNAL')
  async trigger(
    @Param('name', scheduleNamePipe) name: string,
    @CallerScope() scope: Scope,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TriggeredDto> {
    if (!scope.isWhole) await this.find(name, scope);
    const { correlationId } = await this.schedules.trigger(name);
    response.setHeader('Location', `/v1/machines/${correlationId}`);
    return { correlationId };
  }

  /** A mistyped machine is told here: at the first slot, nobody would be there to read of it. */
  private async write(schedule: Schedule, scope: Scope): Promise<ScheduleDto> {
    if (!scope.isWhole) await this.hold(schedule, scope);
    await this.requireDefinition(schedule.machine, schedule.version);
    try {
      return await this.schedules.put(schedule);
    } catch (error) {
      if (!(error instanceof InvalidScheduleError)) throw error;
      throw ApiProblem.invalid([{ field: error.field, problem: error.message.replace(`${error.field} `, '') }]);
    }
  }

  /** One of machines outside the scope is none. */
  private async find(name: string, scope: Scope): Promise<ScheduleView> {
    const view = await this.schedules.get(name);
    if (!view || !scope.hasSchedule(view)) throw new ScheduleNotFoundError(name);
    return view;
  }

  /** @throws ApiProblem OUTSIDE_SCOPE for what it would start, and for what it would replace */
  private async hold(schedule: Schedule, scope: Scope): Promise<void> {
    scope.requireSchedule(schedule);
    const before = await this.schedules.get(schedule.name);
    if (before && !scope.hasSchedule(before))
      throw outside(`schedule "${schedule.name}" is not this caller's; take another name`);
  }

  private async requireDefinition(machine: string, version: number | undefined): Promise<void> {
    if (await this.machines.definition(machine, version)) return;
    const all = await this.machines.definitions();
    const versions = all.filter(({ name }) => name === machine).map((definition) => definition.version);
    if (versions.length > 0 && version !== undefined) throw new UnknownVersionError(machine, version, versions);
    throw new UnknownMachineError(machine, [...new Set(all.map(({ name }) => name))]);
  }
}
