import { EXIT } from './exit-codes';

/** Something the user can mend: told in a sentence, without a stack. */
export class PlainError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}
