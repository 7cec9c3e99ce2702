import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog, type AuditEntry } from '@stile/machine';
import { Needs } from '../access/needs';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { AuditQueryDto, MAX_AUDIT_PAGE } from './audit-query.dto';
import { AuditPageDto } from './audit.dto';

/** Entries that one request looks at, at most, for the few it asks for. */
const MAX_LOOKED_AT = 5 * MAX_AUDIT_PAGE;
const DEFAULT_LIMIT = 100;

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @Needs('admin')
  @ApiOperation({ summary: 'What operators did and tried, page by page' })
  @ApiResponse({ status: 200, type: AuditPageDto })
  @ApiProblems('VALIDATION_FAILED', 'STORE_UNAVAILABLE', 'INTERNAL')
  async list(@Query(dtoPipe(AuditQueryDto)) query: AuditQueryDto): Promise<AuditPageDto> {
    const { after, from, to, first } = query;
    const wanted = filterOf(query);
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const range = {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(first === undefined ? {} : { first }),
    };
    const items: AuditEntry[] = [];
    let next = after ?? null;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += MAX_AUDIT_PAGE) {
      const page = await this.log.read({
        ...range,
        ...(next === null ? {} : { after: next }),
        limit: wanted.all ? limit : MAX_AUDIT_PAGE,
      });
      for (const entry of page.items) {
        if (!wanted.fits(entry)) continue;
        items.push(entry);
        if (items.length === limit) return { items, next: entry.entry === page.items.at(-1)?.entry ? page.next : entry.entry };
      }
      next = page.next;
      if (next === null) break;
    }
    return { items, next };
  }
}

function filterOf({ by, act, on }: AuditQueryDto): { all: boolean; fits: (entry: AuditEntry) => boolean } {
  const fits = (entry: AuditEntry): boolean =>
    (by === undefined || entry.who.name === by) &&
    (act === undefined || entry.act === act) &&
    (on === undefined || entry.on === on);
  return { all: [by, act, on].every((field) => field === undefined), fits };
}
