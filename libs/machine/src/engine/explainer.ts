import { explain } from '../core/explain';
import type { MachineFacts, StoredFacts } from '../core/explain-facts';
import type { FactStore, JobLook } from '../core/explain-ports';
import { Explanations, type Explanation } from '../core/explanation';
import type { Workers } from '../core/machines';
import type { HoldStore } from '../core/message-ports';
import type { DefinitionCatalog } from '../core/ports';
import type { ShareStore } from '../core/share-ports';
import { mergedRetry } from '../core/retry';
import { findTransition } from '../core/transition';
import { isMachineId } from './check-start';

export interface ExplainerParts {
  readonly facts: FactStore;
  readonly jobs: JobLook;
  readonly workers: Pick<Workers, 'list'>;
  readonly holds: Pick<HoldStore, 'all'>;
  readonly catalog: DefinitionCatalog;
  /** None where there are no limits of tenants and definitions. */
  readonly shares?: Pick<ShareStore, 'look'>;
}

/**
 * Gathers what is known of a machine. The record comes first, and says what else is asked for; what that tells is some ms younger, so that
 * a machine that moves on meanwhile is explained as it was.
 */
export class Explainer extends Explanations {
  constructor(private readonly parts: ExplainerParts) {
    super();
  }

  async explain(correlationId: string): Promise<Explanation | undefined> {
    if (!isMachineId(correlationId)) return undefined;
    const stored = await this.parts.facts.read(correlationId);
    if (!stored) return undefined;
    return explain(stored.quarantined === undefined ? await this.complete(stored) : stored);
  }

  private async complete(stored: StoredFacts): Promise<MachineFacts> {
    const { jobs, workers, holds, shares } = this.parts;
    const { status, heldBy } = stored.view;
    const driven = status === 'queued' || status === 'running' || status === 'delayed';
    const [seen, job, hold, maxRetries, share] = await Promise.all([
      workers.list(),
      driven ? jobs.look(jobOf(stored)) : undefined,
      heldBy === null ? undefined : holds.all().then((all) => all.find(({ name }) => name === heldBy)),
      this.maxRetries(stored),
      driven ? shares?.look(stored.view.correlationId) : undefined,
    ]);
    return { ...stored, workers: seen, job, hold, maxRetries, share };
  }

  /** The state that is being entered may have a number of its own. */
  private async maxRetries({ view }: StoredFacts): Promise<number> {
    const { machine, version, state, event, retries, maxRetries } = view;
    const definition = retries === 0 ? undefined : await this.parts.catalog.find(machine, version);
    const target = definition && findTransition(definition, state, event)?.target;
    const entered = target === undefined ? undefined : definition?.states[target];
    return (definition && entered && mergedRetry(definition, entered).maxRetries) ?? maxRetries;
  }
}

function jobOf({ view, queue, drive, rev }: StoredFacts) {
  const { correlationId, steps, retries, machine, version } = view;
  return { correlationId, steps, retries, machine, version, queue, drive, rev };
}
