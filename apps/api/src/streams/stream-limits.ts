import { ApiProblem } from '../problems/api-problem';

const STREAMS = 1000;
const CALLER_STREAMS = 500;

/** How many streams may be open in this process: of all callers, and of one of them. */
export class StreamLimits {
  private open = 0;
  private readonly byCaller = new Map<string, number>();

  constructor(
    private readonly most = STREAMS,
    private readonly mostOfCaller = CALLER_STREAMS,
  ) {}

  /** @returns what is to be called, once, when the stream has ended. @throws ApiProblem TOO_MANY_STREAMS */
  take(caller: string): () => void {
    const mine = this.byCaller.get(caller) ?? 0;
    if (mine >= this.mostOfCaller) throw full(`caller "${caller}" has`, this.mostOfCaller, 'STILE_LIMIT_CALLER_STREAMS');
    if (this.open >= this.most) throw full('this API process has', this.most, 'STILE_LIMIT_STREAMS');
    this.open++;
    this.byCaller.set(caller, mine + 1);
    return () => {
      this.open--;
      const left = (this.byCaller.get(caller) ?? 1) - 1;
      if (left > 0) this.byCaller.set(caller, left);
      else this.byCaller.delete(caller);
    };
  }
}

function full(who: string, most: number, variable: string): ApiProblem {
  return new ApiProblem(
    'TOO_MANY_STREAMS',
    `${who} ${most} streams open, as many as it may; close some, or have ${variable} raised`,
  );
}
