import { formatDuration, mergedRetry, PSEUDO_CANCEL, type Definition, type StateDefinition } from '@stile/machine';
import { isWayIn, type Edge } from './graph';

/** What stands at an edge, line by line: `paid / payment.book`, `after 24h`. Nothing at the way into the initial state. */
export function edgeLines(edge: Edge): string[] {
  if (isWayIn(edge)) return edge.event === PSEUDO_CANCEL ? ['when cancelled'] : [];
  return [`${edge.event}${actionOf(edge)}`, ...remarks(edge)];
}

function remarks({ afterMs, exhausted, deadlineMs, local, internal }: Edge): string[] {
  return [
    ...(afterMs.length > 0 ? [`after ${afterMs.map(formatDuration).join(', ')}`] : []),
    ...(exhausted ? ['retries exhausted'] : []),
    ...(deadlineMs === undefined ? [] : [`deadline ${formatDuration(deadlineMs)}`]),
    ...(local ? ['local'] : []),
    ...(internal ? ['internal'] : []),
  ];
}

/** Functions that stand in the place of an action are called after it: their name says nothing that the edge does not. */
function actionOf({ from, event, action }: Edge): string {
  return action === undefined || action === `${from}.on.${event}` ? '' : ` / ${action}`;
}

/** What stands in a state below its name: its own limits, where it has any. */
export function stateLines(definition: Definition, state: StateDefinition): string[] {
  const { timeoutMs, retry } = state;
  return [
    ...(retry ? [`retries ${mergedRetry(definition, state).maxRetries ?? definition.maxRetries}`] : []),
    ...(timeoutMs === undefined ? [] : [`timeout ${formatDuration(timeoutMs)}`]),
  ];
}

/** The graph in words, for those who cannot see it. */
export function describeGraph(definition: Definition, edges: readonly Edge[]): string {
  const { name, version, states, deadline } = definition;
  const finals = Object.values(states).filter(({ final }) => final);
  const ways = edges.filter((edge) => !isWayIn(edge)).map((edge) => `${edge.from} to ${edge.to}: ${edgeLines(edge).join(', ')}.`);
  return [
    `Machine ${name}, version ${version}, begins in ${definition.initial}${finals.length > 0 ? ` and ends in ${finals.map((state) => state.name).join(' or ')}` : ''}.`,
    ...(definition.onCancel === undefined ? [] : [`When cancelled it goes to ${definition.onCancel}.`]),
    ...(deadline === undefined ? [] : [`Its deadline is ${formatDuration(deadline.afterMs)}.`]),
    ...ways,
  ].join(' ');
}
