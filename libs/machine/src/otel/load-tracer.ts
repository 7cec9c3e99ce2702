import { StileError } from '../core/errors';
import type { Tracer } from '../engine/tracing';

/** `telemetry` is wanted, and the package it needs is not there. */
export class TelemetryUnfitError extends StileError {
  readonly code = 'TELEMETRY_UNFIT';
}

/**
 * The tracer upon `@opentelemetry/api`: an optional peer, loaded by those who trace and by nobody else.
 *
 * @throws TelemetryUnfitError when it is not installed
 */
export function loadTracer(): Tracer {
  const name = './otel-tracer'; // by a variable: whether what it needs is there is known at run time only
  try {
    const { OtelTracer } = require(name) as typeof import('./otel-tracer');
    return new OtelTracer();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const wayOut = 'npm install @opentelemetry/api';
    throw new TelemetryUnfitError(`telemetry needs the package "@opentelemetry/api", which is not installed: ${wayOut}`, {
      cause: error,
    });
  }
}
