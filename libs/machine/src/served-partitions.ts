import { StoreUnfitError } from './core/errors';

/**
 * The partitions a worker serves: those it is told to, in order and each once, else all.
 *
 * @param count how many there are
 * @throws StoreUnfitError naming those that are not there, or where none is left
 */
export function partitionsToServe(told: readonly number[] | undefined, count: number): readonly number[] {
  if (told === undefined) return Array.from({ length: count }, (_, partition) => partition);
  const beyond = told.filter((partition) => !Number.isInteger(partition) || partition < 0 || partition >= count);
  if (beyond.length > 0 || told.length === 0) {
    const what = told.length === 0 ? 'none' : beyond.join(', ');
    throw new StoreUnfitError(`partitions to serve: ${what}, of 0 to ${count - 1}; name some of these, or none to serve all`);
  }
  return [...new Set(told)].sort((a, b) => a - b);
}
