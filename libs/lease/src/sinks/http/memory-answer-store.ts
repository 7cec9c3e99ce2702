import { systemClock, type Clock } from '../../core/clock';
import { admits, raised, type KeptFence } from '../fence-token';
import {
  KEEP_MS,
  LOCK_MS,
  type AnswerStore,
  type AnswerStoreOptions,
  type BeginRequest,
  type BeginResult,
  type FinishRequest,
  type StoredAnswer,
} from './answer-store';

interface Entry {
  readonly fingerprint: string;
  readonly attempt: string;
  readonly until: number;
  readonly expires: number;
  readonly answer?: StoredAnswer;
}

interface Scope {
  fence: KeptFence;
  expires: number;
  readonly inHand: Map<string, { readonly until: number; readonly token: string }>;
  readonly entries: Map<string, Entry>;
}

/** For a receiver of one process, and for tests. It forgets everything when the process ends. */
export class MemoryAnswerStore implements AnswerStore {
  /** In the order of expiry, as are the entries of each: what is touched is put at the end. */
  private readonly scopes = new Map<string, Scope>();
  private readonly lockMs: number;
  private readonly keepMs: number;

  constructor(
    { lockMs = LOCK_MS, keepMs = KEEP_MS }: AnswerStoreOptions = {},
    private readonly clock: Clock = systemClock,
  ) {
    this.lockMs = lockMs;
    this.keepMs = keepMs;
  }

  async begin(request: BeginRequest): Promise<BeginResult> {
    const now = this.clock.monotonic();
    this.expire(now);
    const found = this.scopes.get(request.scope);
    if (found && !admits(found.fence, request)) return { outcome: 'stale', kept: found.fence };
    const entry = found?.entries.get(request.key);
    if (entry && entry.fingerprint !== request.fingerprint) return { outcome: 'mismatch' };

    const scope = this.raise(request, found, now);
    if (entry?.answer) return { outcome: 'answered', answer: entry.answer };
    if (entry && entry.attempt !== request.attempt && entry.until > now) return { outcome: 'busy' };
    const token = `${request.fence} ${request.runId}`;
    for (const [attempt, other] of scope.inHand) {
      if (other.until <= now) scope.inHand.delete(attempt);
      else if (other.token !== token) return { outcome: 'busy' };
    }
    const until = now + this.lockMs;
    for (const [key, old] of scope.entries) {
      if (old.expires > now) break;
      scope.entries.delete(key);
    }
    scope.inHand.set(request.attempt, { until, token });
    scope.entries.delete(request.key);
    const { fingerprint, attempt } = request;
    scope.entries.set(request.key, { fingerprint, attempt, until, expires: now + this.keepMs });
    return { outcome: 'begun' };
  }

  async finish({ scope: name, key, attempt }: FinishRequest, answer: StoredAnswer | undefined): Promise<boolean> {
    const scope = this.scopes.get(name);
    scope?.inHand.delete(attempt);
    const entry = scope?.entries.get(key);
    if (!scope || entry?.attempt !== attempt) return false;
    if (answer) scope.entries.set(key, { ...entry, answer });
    else scope.entries.delete(key);
    return true;
  }

  private raise(request: BeginRequest, found: Scope | undefined, now: number): Scope {
    const scope: Scope = found ?? { fence: raised(undefined, request), expires: 0, inHand: new Map(), entries: new Map() };
    scope.fence = raised(found?.fence, request);
    scope.expires = now + this.keepMs;
    this.scopes.delete(request.scope);
    this.scopes.set(request.scope, scope);
    return scope;
  }

  private expire(now: number): void {
    for (const [name, scope] of this.scopes) {
      if (scope.expires > now) return;
      this.scopes.delete(name);
    }
  }
}
