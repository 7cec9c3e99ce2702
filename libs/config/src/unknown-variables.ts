import { configTable, toolVariables } from './config-table';
import type { Fault } from './config-error';

const KNOWN: readonly string[] = [...configTable.map(({ name }) => name), ...toolVariables];

/** A variable that begins with STILE_ and is not one of ours is a slip of the pen that would go unnoticed. */
export function unknownVariables(env: NodeJS.ProcessEnv): Fault[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith('STILE_') && !KNOWN.includes(name) && !isServiceLink(name, value))
    .map(([variable, value]) => ({
      variable,
      value,
      problem: `there is no such variable; ${suggestion(variable)}`,
    }));
}

/** Kubernetes describes each service to each pod: STILE_API_SERVICE_HOST, STILE_API_PORT=tcp://…, STILE_API_PORT_3000_TCP_ADDR. */
function isServiceLink(name: string, value = ''): boolean {
  return (
    /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) || /^(tcp|udp|sctp):/.test(value)
  );
}

function suggestion(name: string): string {
  const [nearest] = KNOWN.map((known) => ({ known, distance: editDistance(name, known) })).sort(
    (a, b) => a.distance - b.distance,
  );
  if (nearest && nearest.distance <= 4) return `did you mean ${nearest.known}?`;
  return `unset it, or use one of ${configTable.map((variable) => variable.name).join(', ')}`;
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
