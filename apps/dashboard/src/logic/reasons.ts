export type Tone = 'calm' | 'waits' | 'stopped' | 'bad' | 'ended';

/** `bad` wants somebody to do something; `stopped` is as somebody wanted it. */
const TONES: Readonly<Record<string, Tone>> = {
  running: 'calm',
  queued: 'calm',
  waiting: 'waits',
  timer: 'waits',
  delayed: 'waits',
  children: 'waits',
  leaseHeld: 'waits',
  limited: 'waits',
  retrying: 'stopped',
  paused: 'stopped',
  held: 'stopped',
  noWorker: 'bad',
  noDefinition: 'bad',
  quarantined: 'bad',
  failed: 'bad',
  completed: 'ended',
  cancelled: 'ended',
};

export const KNOWN_REASONS: readonly string[] = Object.keys(TONES);

/** How a reason looks. One that this page does not know, of a newer API, is told without judging it. */
export function toneOf(reason: string): Tone {
  return Object.hasOwn(TONES, reason) ? (TONES[reason] ?? 'waits') : 'waits';
}
