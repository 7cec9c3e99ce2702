import { configTable, secretFiles, toolVariables } from './config-table';
import type { Fault } from './config-error';

/** Letters that a slip of the pen adds, drops or changes at most. */
const MAX_SLIPS = 3;
const KNOWN: readonly string[] = [...configTable.map(({ name }) => name), ...secretFiles.values(), ...toolVariables];

/**
 * A variable that is nearly one of ours is a slip of the pen that would go unnoticed. Others that begin with STILE_ are left alone:
 * they may belong to the user's own machines, or to another version.
 */
export function unknownVariables(env: NodeJS.ProcessEnv): Fault[] {
  return Object.entries(env).flatMap(([variable, value]) => {
    if (!variable.startsWith('STILE_') || KNOWN.includes(variable) || isServiceLink(variable, value)) return [];
    const nearest = nearestTo(variable);
    return nearest === undefined ? [] : [{ variable, value, problem: `there is no such variable; did you mean ${nearest}?` }];
  });
}

/** Kubernetes describes each service to each pod: STILE_API_SERVICE_HOST, STILE_API_PORT=tcp://…, STILE_API_PORT_3000_TCP_ADDR. */
function isServiceLink(name: string, value = ''): boolean {
  return (
    /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) || /^(tcp|udp|sctp):/.test(value)
  );
}

function nearestTo(name: string): string | undefined {
  const [nearest] = KNOWN.map((known) => ({ known, distance: editDistance(name, known) })).sort(
    (a, b) => a.distance - b.distance,
  );
  return nearest && nearest.distance <= MAX_SLIPS ? nearest.known : undefined;
}

/** Levenshtein's: the number of letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
