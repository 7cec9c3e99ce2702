import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Workers } from '@stile/machine';
import { Needs } from '../access/needs';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblems } from '../problems/api-problems.decorator';
import { WorkersDto } from './worker.dto';

@ApiTags('workers')
@Needs('viewer')
@UseGuards(NoQueryGuard)
@Controller('v1/workers')
export class WorkersController {
  constructor(private readonly workers: Workers) {}

  @Get()
  @ApiOperation({ summary: 'Workers, what they run, and when they were last seen' })
  @ApiResponse({ status: 200, type: WorkersDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(): Promise<WorkersDto> {
    const items = [...(await this.workers.list())];
    return { items: items.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  }
}
