/** Something the user can mend: told in a sentence, without a stack. */
export class PlainError extends Error {}
