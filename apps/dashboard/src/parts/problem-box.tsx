import type { FieldProblem, Problem } from '../api/types';
import { Icon } from './icon';

interface Props {
  readonly problem: Problem;
  /** Those not shown at their fields. */
  readonly errors?: readonly FieldProblem[];
  readonly onRetry?: () => void;
}

/** Problem details, where they happened: what is wrong, and the way out. */
export function ProblemBox({ problem, errors = problem.errors ?? [], onRetry }: Props) {
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <div class="problem-text">
        <p class="problem-title">
          {problem.title} <code class="problem-code">{problem.code}</code>
        </p>
        <p>{problem.detail}</p>
        {errors.length > 0 ? (
          <ul>
            {errors.map(({ field, problem: what }) => (
              <li key={field}>
                <code>{field === '' ? 'body' : field}</code> {what}
              </li>
            ))}
          </ul>
        ) : null}
        {problem.legal ? <p>There are: {problem.legal.join(', ')}</p> : null}
        {onRetry ? (
          <button type="button" class="button small" onClick={onRetry}>
            Try again
          </button>
        ) : null}
      </div>
    </div>
  );
}
