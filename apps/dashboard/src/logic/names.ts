const MOVED = /^pseudo_move:(.+)$/;

/** What a state is called: a machine that has not entered one yet stands at the start. */
export function stateName(state: string): string {
  return state === 'pseudo_init' ? 'start' : state;
}

/** What an event is called, after "on"; undefined for the start, which nobody sent. */
export function eventName(event: string): string | undefined {
  if (event === 'pseudo_init') return undefined;
  if (event === 'pseudo_cancel') return 'cancellation';
  if (event === 'pseudo_deadline') return 'its deadline';
  return MOVED.test(event) ? 'a move by hand' : event;
}
