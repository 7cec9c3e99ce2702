/** The correlation id of a child: the same for every attempt at starting it. At most 36 + 64 + 7 characters. */
export function childId(parentRunId: string, group: string, index: number): string {
  return `${parentRunId}.${group}.${index}`;
}
