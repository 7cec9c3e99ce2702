import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/http';
import type { Polled } from '../hooks/use-poll';
import { ProblemBox } from './problem-box';

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children ? <div class="empty-text">{children}</div> : null}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      <span class="loading-bar" aria-hidden="true" />
      Reading {what} …
    </p>
  );
}

/** What is shown instead of a part of the API that is not there. */
export function Missing({ what }: { what: string }) {
  return (
    <Empty title={`${what} cannot be shown`}>
      <p>This API has no route for it: it is older than this page. Restart it from the same release.</p>
    </Empty>
  );
}

interface LoadedProps<T> {
  readonly of: Polled<T>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}

/** What was read; or that it is being read; or why it could not be. What was read once stays when reading it again fails. */
export function Loaded<T>({ of: { data, error, reload }, what, children }: LoadedProps<T>) {
  if (error?.isMissingRoute) return <Missing what={capital(what)} />;
  if (data !== undefined) {
    return (
      <>
        {error && !isAway(error) ? <ProblemBox problem={error.problem} onRetry={reload} /> : null}
        {children(data)}
      </>
    );
  }
  return error ? <ProblemBox problem={error.problem} onRetry={reload} /> : <Loading what={what} />;
}

/** The notice at the top tells of it already. */
function isAway({ problem }: ApiError): boolean {
  return problem.code === 'NO_ANSWER';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
