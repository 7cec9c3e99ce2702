import type { ChildResult } from '../core/children';
import type { Claim, Effects } from '../core/ports';
import type { StepLog } from '../core/step';
import type { EngineParts } from './engine-parts';
import { plain } from './calm-log';
import { StepEffects } from './step-effects';
import { stepLog } from './step-log';
import { StepNotes } from './step-notes';
import type { StepScope } from './step-view';

/** What the actions of one attempt share. Everything is made when asked for: most steps ask for nothing, and take microseconds. */
export class AttemptScope implements StepScope {
  delayMs = 0;
  private ran?: Map<string, number>;
  private wanted?: StepEffects;
  private kept?: StepNotes;

  constructor(
    readonly claim: Claim,
    private readonly parts: Pick<EngineParts, 'steps' | 'secret' | 'outbox' | 'log' | 'logs' | 'options'>,
    readonly signal: () => AbortSignal,
  ) {}

  get runs(): Map<string, number> {
    return (this.ran ??= new Map());
  }
  get effects(): StepEffects {
    return (this.wanted ??= new StepEffects(this.claim, this.parts.options.limits));
  }
  get notes(): StepNotes {
    return (this.kept ??= new StepNotes(this.parts.steps, this.claim, this.parts.secret));
  }
  get contextBytes(): number {
    return this.parts.options.limits.contextBytes;
  }
  log(): StepLog {
    return stepLog(plain(this.parts.log), this.claim, this.parts.logs.redact);
  }
  results(group: string): Promise<readonly ChildResult[]> {
    return this.parts.outbox.results(this.claim.correlationId, group);
  }

  /** What the actions want to have happened; nothing where they asked for nothing. */
  get taken(): Effects | undefined {
    return this.wanted?.taken;
  }
}
