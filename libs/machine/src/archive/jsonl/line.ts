import type { ArchiveEntry } from '../../core/archive';

/** How the line of a machine begins: it is found without reading others as JSON. */
export function beginOf(correlationId: string): string {
  return `{"correlationId":${JSON.stringify(correlationId)},`;
}

export function writeLine({ correlationId, archivedAt, record, history, children }: ArchiveEntry): string {
  return `${JSON.stringify({ correlationId, archivedAt, record, history, children })}\n`;
}

/** Nothing where the line is none: its writer died, or the disk was full, in the middle of it. */
export function readLine(line: string): ArchiveEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { correlationId, archivedAt, record, history, children } = (value ?? {}) as Partial<ArchiveEntry>;
  if (typeof correlationId !== 'string' || typeof archivedAt !== 'number' || typeof record !== 'object') return undefined;
  return { correlationId, archivedAt, record, history: history ?? [], children: children ?? {} };
}
