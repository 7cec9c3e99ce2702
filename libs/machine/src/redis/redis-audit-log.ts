import { AuditLog, type AuditEntry, type AuditPage, type AuditQuery, type AuditRecord } from '../core/audit';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { answered } from './store-error';
import { iso } from './view';

export const DEFAULT_AUDIT_ENTRIES = 100_000;
const DEFAULT_LIMIT = 100;
const FIELD = 'entry';

/**
 * A stream for the deployment, whose entries are JSON: `<prefix>:audit`, outside of any partition. Redis gives each its place and its time.
 *
 * An entry whose reply was lost is sent again by the client and then stands twice, which whoever reads knows by id and phase. What is
 * trimmed are the oldest entries, by the same command that adds one, a whole node at a time: some more than `keep` stay.
 */
export class RedisAuditLog extends AuditLog {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    /** Entries that stay at least; 0: all. */
    private readonly keep: number,
  ) {
    super();
  }

  async append(record: AuditRecord): Promise<void> {
    const text = JSON.stringify(record);
    const { audit } = this.keys;
    await answered(
      this.keep === 0
        ? this.redis.xadd(audit, '*', FIELD, text)
        : this.redis.xadd(audit, 'MAXLEN', '~', this.keep, '*', FIELD, text),
    );
  }

  async read({ after, from, to, first = 'oldest', limit = DEFAULT_LIMIT }: AuditQuery = {}): Promise<AuditPage> {
    const begin = from === undefined ? '-' : String(Date.parse(from));
    const end = to === undefined ? '+' : `(${Date.parse(to)}-0`;
    const { audit } = this.keys;
    const behind = after === undefined ? undefined : `(${after}`;
    const found = await answered(
      first === 'oldest'
        ? this.redis.xrange(audit, behind ?? begin, end, 'COUNT', limit)
        : this.redis.xrevrange(audit, behind ?? end, begin, 'COUNT', limit),
    );
    const items = found.map(([entry, fields]) => entryOf(entry, fields[1] ?? ''));
    return { items, next: found.length < limit ? null : (items.at(-1)?.entry ?? null) };
  }
}

/** An entry that somebody wrote by hand is shown for what it is: it must not hide the others. */
function entryOf(entry: string, text: string): AuditEntry {
  const at = iso(entry.split('-', 1)[0] ?? 0);
  try {
    const record = JSON.parse(text) as AuditRecord;
    if (typeof record.act === 'string' && typeof record.on === 'string' && typeof record.who?.name === 'string') {
      return { ...record, entry, at };
    }
  } catch {
    // not JSON: the same
  }
  const who = { name: 'unknown', role: 'unknown', via: 'unknown' };
  return { id: entry, act: 'unknown', on: 'unknown', who, phase: 'failed', code: 'UNREADABLE_ENTRY', entry, at };
}
