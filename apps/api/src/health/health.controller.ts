import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, ApiSchema, ApiTags } from '@nestjs/swagger';
import { Authenticator } from '../access/authenticator';
import { Needs } from '../access/needs';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { ReadinessCheck, type Readiness } from './readiness';

@ApiSchema({ name: 'Live' })
class LiveDto {
  @ApiProperty({ enum: ['live'] })
  status!: 'live';
}

@ApiSchema({ name: 'Worker' })
class WorkerDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: [String], example: ['machines'], description: 'Queues it takes jobs from' })
  queues!: string[];

  @ApiProperty({ type: 'integer', description: 'Machines it runs at this moment' })
  active!: number;

  @ApiProperty({ type: 'integer', description: 'How long ago it was last seen, ms' })
  lastSeenMs!: number;
}

@ApiSchema({ name: 'Ready' })
class ReadyDto {
  @ApiProperty({ enum: ['ready'] })
  status!: 'ready';

  @ApiProperty({ type: 'integer', description: 'Workers seen in the last 10 seconds' })
  workers!: number;

  @ApiProperty({
    type: [WorkerDto],
    description: 'These workers; none where callers have to say who they are: GET /v1/workers shows them',
  })
  seen!: WorkerDto[];
}

@ApiTags('health')
@Needs('nobody')
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: ReadinessCheck,
    private readonly authenticator: Authenticator,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether this process answers' })
  @ApiResponse({ status: 200, type: LiveDto })
  live(): LiveDto {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether a worker takes jobs, so that a start gets somewhere' })
  @ApiResponse({ status: 200, type: ReadyDto })
  @ApiProblems('NOT_READY')
  async ready(): Promise<ReadyDto> {
    const readiness = await this.readiness.check();
    const { isOpen } = this.authenticator; // names of hosts are not for everybody
    if (!readiness.ready) throw new ApiProblem('NOT_READY', whyNot(readiness, isOpen));
    const workers = readiness.seen.length;
    if (!isOpen) return { status: 'ready', workers, seen: [] };
    const seen = readiness.seen.map(({ name, queues, active, lastSeenMs }) => ({ name, queues, active, lastSeenMs }));
    return { status: 'ready', workers, seen };
  }
}

function whyNot({ missing, idle = [] }: Readiness & { readonly ready: false }, isOpen: boolean): string {
  if (idle.length === 0) return missing;
  const names = isOpen ? `: ${idle.join(', ')}` : '; GET /v1/workers shows them';
  return `${missing}, though these are there${names}`;
}
