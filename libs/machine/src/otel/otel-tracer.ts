import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';
import type { Fate, StepSpan, Tracer } from '../engine/tracing';

const NAME = '@stile/machine';
const ERRORS: ReadonlySet<Fate> = new Set<Fate>(['retry', 'failed', 'quarantined', 'refused', 'lost', 'unknown']);

/**
 * Attempts as spans of OpenTelemetry, upon its API alone: the app registers the SDK, exporter and sampler it wants.
 *
 * A machine may live for months, longer than any span is kept open, and runs in many processes. So its trace has no span of the whole:
 * its id is the run's, and each attempt is a span whose parent is named after the run and never written. Whoever caused an attempt in
 * another trace, or failed before it, is linked.
 */
export class OtelTracer implements Tracer {
  // A proxy until the app registers a provider: works whichever comes first.
  private readonly tracer = trace.getTracer(NAME);

  active(): string | undefined {
    const span = trace.getActiveSpan()?.spanContext();
    return span && isSpanContextValid(span) ? textOf(span) : undefined;
  }

  ofRun(runId: string): string | undefined {
    const root = rootOf(runId);
    return root && textOf(root);
  }

  begin(claim: Claim, worker: string): StepSpan {
    const { machine, version, state, event, steps, retries, fence } = claim;
    const parent = rootOf(claim.runId);
    const span = this.tracer.startSpan(
      `${machine} ${event}`,
      {
        kind: SpanKind.CONSUMER,
        links: linksOf(claim),
        attributes: {
          'stile.machine': machine,
          'stile.version': version,
          'stile.state': state,
          'stile.event': event,
          'stile.steps': steps,
          'stile.retries': retries,
          'stile.fence': fence,
          'stile.worker': worker,
        },
      },
      parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT,
    );
    return new OtelStepSpan(span, machine);
  }
}

class OtelStepSpan implements StepSpan {
  constructor(
    private readonly span: Span,
    private readonly machine: string,
  ) {}

  get traceparent(): string {
    return textOf(this.span.spanContext());
  }

  within<T>(run: () => T): T {
    return context.with(trace.setSpan(ROOT_CONTEXT, this.span), run);
  }

  /** The error's code is told, not its message: that may quote user data. */
  end(fate: Fate, item?: HistoryItem): void {
    this.span.setAttribute('stile.outcome', fate);
    if (item) this.span.setAttribute('stile.to', item.to).updateName(`${this.machine} ${item.to}`);
    if (item?.error) this.span.setAttribute('error.type', item.error.code);
    if (ERRORS.has(fate)) this.span.setStatus({ code: SpanStatusCode.ERROR, message: item?.error?.code });
    this.span.end();
  }
}

function linksOf({ traceparent: cause, retries, steps }: Claim): Link[] {
  const from = cause === undefined ? undefined : parse(cause);
  if (!from) return [];
  const why = retries > 0 ? 'retry' : steps === 0 ? 'start' : 'event';
  return [{ context: from, attributes: { 'stile.link': why } }];
}

/** A run id has the sixteen bytes of a trace id (see `newRunId`). Nothing where one has not. */
export function rootOf(runId: string): SpanContext | undefined {
  const traceId = /^[\w-]{22}$/.test(runId) ? Buffer.from(runId, 'base64url').toString('hex') : '';
  // Sampled: the SDK's default sampler drops whatever has a parent that is not.
  const root = { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(root) ? root : undefined;
}

function textOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function parse(traceparent: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) || TraceFlags.NONE, isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
}
