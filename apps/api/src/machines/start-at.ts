import { IsInstant } from '../http/instant';

/** When a machine starts: the only thing said about it. */
export function IsStartAt(): PropertyDecorator {
  return IsInstant((dto) => {
    const { delayMs } = dto as { delayMs?: unknown };
    return delayMs === undefined ? undefined : 'is given together with delayMs; give one of the two';
  });
}
