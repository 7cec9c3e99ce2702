/** The package has no types of its own. */
declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  function validate(definition: object, options?: { readonly checkPaths: boolean; readonly checkArn: boolean }): Verdict;
  export = validate;
}
