import { ApiProblem } from '../problems/api-problem';

export const DETAILS_LIMIT_BYTES = 64 * 1024;

/** Too large is the sender's to mend, and is said before anything is stored. @throws ApiProblem CONTENT_TOO_LARGE */
export function refuseLargeData(field: string, data: unknown, limitBytes: number): void {
  const bytes = bytesOf(data);
  if (bytes <= limitBytes) return;
  throw new ApiProblem(
    'CONTENT_TOO_LARGE',
    `${field} has ${bytes} bytes of JSON, more than the ${limitBytes} allowed; keep large data elsewhere and send its key`,
  );
}

function bytesOf(data: unknown): number {
  try {
    return data === undefined ? 0 : Buffer.byteLength(JSON.stringify(data));
  } catch {
    return 0; // nested deeper than the stack: refused for its depth later on
  }
}
