/**
 * What routes answer that the OpenAPI document does not describe yet. Written by hand, to be replaced by generated types as soon as it does.
 * Times are ISO 8601, server time.
 */

export interface DefinitionFigures {
  /** The time that the figures are of, ms. */
  windowMs: number;
  states: {
    state: string;
    perMinute: number;
    p50Ms: number | null;
    p95Ms: number | null;
    dwellP50Ms: number | null;
    dwellP95Ms: number | null;
  }[];
}
