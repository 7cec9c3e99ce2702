import { useState } from 'preact/hooks';
import { ApiError } from '../api/http';
import { OIDC_PATH, signIn, type Session } from '../api/session';
import type { Problem } from '../api/types';
import { TextField } from '../parts/field';
import { Mark } from '../parts/icon';
import { ProblemBox } from '../parts/problem-box';

/** Instead of the page, where the API asks who one is. */
export function SignIn({ ways, onDone }: { ways: Session['signIn']; onDone: () => void }) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const enter = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(key.trim());
      onDone();
    } catch (error) {
      setProblem(
        error instanceof ApiError
          ? error.problem
          : { status: 0, code: 'PAGE', title: 'The page has a fault', detail: String(error) },
      );
      setBusy(false);
    }
  };

  return (
    <main id="main" class="sign-in">
      <h1>
        <Mark /> Sign in to Stile
      </h1>
      {ways.oidc ? (
        <p>
          <a class="button primary" href={OIDC_PATH}>
            Sign in with your organisation
          </a>
        </p>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void enter();
        }}
      >
        <TextField
          label="API key"
          type="password"
          {...{ value: key, onInput: setKey, mono: true, autofocus: true, required: true }}
          hint="“stile keys create” makes one. This browser does not keep it."
        />
        {problem ? <ProblemBox problem={problem} /> : null}
        <button type="submit" class={ways.oidc ? 'button' : 'button primary'} disabled={busy || key.trim() === ''}>
          {busy ? 'Sign in …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}
