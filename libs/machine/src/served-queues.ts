import type { DefinitionSource } from './core/bound-definition';
import type { EngineLog } from './engine/options';

/**
 * The queues a worker serves: those it is told to, else all that its definitions name. A name mistyped leaves machines waiting for
 * ever without an error, so what does not fit is told.
 */
export function queuesToServe(source: DefinitionSource, told: readonly string[] | undefined, log: EngineLog): readonly string[] {
  const definitions = source.all().map(({ definition }) => definition);
  const named = new Set(definitions.map(({ queue }) => queue));
  if (told === undefined) return [...named];
  for (const { name, version, queue } of definitions.filter((definition) => !told.includes(definition.queue))) {
    log.warn(
      `${name}@${version} is not run here: its queue "${queue}" is none of those that this worker serves (${told.join(', ')})`,
    );
  }
  for (const queue of told.filter((name) => !named.has(name))) {
    log.warn(`queue "${queue}" is served in vain: no machine of this worker names it`);
  }
  return told;
}

/** What a worker runs: definitions whose queue it does not serve are published by it, but not run. */
export function servedDefinitions(source: DefinitionSource, queues: readonly string[]): { name: string; version: number }[] {
  return source
    .all()
    .filter(({ definition }) => queues.includes(definition.queue))
    .map(({ definition: { name, version } }) => ({ name, version }));
}
