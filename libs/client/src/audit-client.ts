import type { Transport } from './transport';
import type { AuditEntry, AuditPage, CallOptions } from './types';

export interface AuditOptions extends CallOptions {
  /** ISO 8601 with its offset: entries of then or later, and of before then. */
  readonly from?: string;
  readonly to?: string;
  /** @default 'oldest' */
  readonly first?: 'oldest' | 'newest';
  /** Name of a caller. */
  readonly by?: string;
  readonly act?: string;
  readonly on?: string;
  /** Entries behind this one: `entry` of the last one that was read. */
  readonly after?: string;
}

const PAGE = 1000;

/** What operators did and tried. For admins. */
export class AuditClient {
  constructor(private readonly transport: Transport) {}

  /** One page, which may be short, even empty, with more to come. @param options.limit 1 to 1000, default 100 */
  page({ signal, ...query }: AuditOptions & { readonly limit?: number } = {}): Promise<AuditPage> {
    return this.transport.json({ method: 'GET', path: '/v1/audit', query, repeatable: true, signal });
  }

  /** All entries there are now. */
  async *list(options: AuditOptions = {}): AsyncGenerator<AuditEntry, void, undefined> {
    let { after } = options;
    for (;;) {
      const { items, next } = await this.page({ ...options, after, limit: PAGE });
      yield* items;
      if (next === null) return;
      after = next;
    }
  }
}
