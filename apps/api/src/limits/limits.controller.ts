import { Body, Controller, Delete, Get, HttpCode, Param, Put, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SHARE_KINDS, Shares, type ShareKind, type ShareLimits, type ShareTarget } from '@stile/machine';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { NoQueryGuard } from '../http/no-query.guard';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { LimitsDto, LimitsListDto, PutLimitsDto } from './limits.dto';

const KIND = { name: 'kind', enum: SHARE_KINDS } as const;
const OF = {
  name: 'of',
  description: 'Name of the tenant or definition; `*` for each without limits of its own, and for `all`',
} as const;

/** Limits of tenants, of definitions, and of all machines together. */
@ApiTags('limits')
@UseGuards(NoQueryGuard)
@Controller('v1/limits')
export class LimitsController {
  constructor(private readonly shares: Shares) {}

  @Get()
  @Needs('viewer')
  @Scoped('itself')
  @ApiOperation({ summary: 'All limits there are, and what is in use' })
  @ApiResponse({ status: 200, type: LimitsListDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(@CallerScope() scope: Scope): Promise<LimitsListDto> {
    const { tenant, definitions } = scope;
    const tenants = tenant === undefined ? undefined : [tenant];
    const items = await this.shares.list();
    const ownOf = (kind: ShareKind): readonly string[] | undefined =>
      kind === 'tenant' ? tenants : kind === 'definition' ? definitions : undefined;
    // Other tenants do not exist, nor do other definitions.
    const isSeen = ({ kind, of }: ShareTarget): boolean => of === '*' || (ownOf(kind)?.includes(of) ?? true);
    // What is in use of a limit that is shared tells of machines of others.
    const isShared = ({ kind }: ShareTarget): boolean =>
      kind === 'all' ? !scope.isWhole : (kind === 'tenant' ? definitions : tenant) !== undefined;
    return { items: items.filter(isSeen).map((view) => (isShared(view) ? { ...view, inUse: null, waiting: null } : view)) };
  }

  @Put(':kind/:of')
  @Needs('admin')
  @ApiOperation({ summary: 'Limit a tenant or a definition, or all; replaces the limits it had. Workers know within a second' })
  @ApiParam(KIND)
  @ApiParam(OF)
  @ApiBody({ type: PutLimitsDto })
  @ApiResponse({ status: 200, type: LimitsDto })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('INVALID_ACT', 'STORE_UNAVAILABLE', 'INTERNAL')
  set(
    @Param('kind') kind: string,
    @Param('of') of: string,
    @Body(dtoPipe(PutLimitsDto)) { by, why, ...limits }: PutLimitsDto,
  ): Promise<LimitsDto> {
    const act = { ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { why }) };
    return this.shares.set(targetOf(kind, of), given(limits), act);
  }

  @Delete(':kind/:of')
  @HttpCode(204)
  @Needs('admin')
  @ApiOperation({ summary: 'Take limits off; what waited for them goes on' })
  @ApiParam(KIND)
  @ApiParam(OF)
  @ApiResponse({ status: 204, description: 'Taken off' })
  @ApiProblems('VALIDATION_FAILED', 'INVALID_ACT', 'LIMIT_NOT_FOUND', 'STORE_UNAVAILABLE', 'INTERNAL')
  async remove(@Param('kind') kind: string, @Param('of') of: string): Promise<void> {
    if (await this.shares.remove(targetOf(kind, of))) return;
    throw new ApiProblem('LIMIT_NOT_FOUND', `there are no limits of ${kind} "${of}"; GET /v1/limits lists those there are`);
  }
}

/** Whether it can be one is for the service to say. */
function targetOf(kind: string, of: string): ShareTarget {
  return { kind: kind as ShareKind, of };
}

function given(limits: ShareLimits): ShareLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}
