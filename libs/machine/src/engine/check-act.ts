import { InvalidActError } from '../core/errors';
import { quote } from '../core/names';
import type { Act } from '../core/steering';

/** @throws InvalidActError naming the first field that cannot be used */
export function checkAct({ by, why }: Act): void {
  for (const [field, text, limit] of [
    ['by', by, 128],
    ['why', why, 1000],
  ] as const) {
    if (text === undefined || (typeof text === 'string' && text.length <= limit)) continue;
    throw new InvalidActError(field, text, `is ${quote(text)}; give a text of at most ${limit} characters`);
  }
}
