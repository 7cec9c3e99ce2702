import { colourful, colourless, type Paint } from './paint';

/** What commands print: for people, or as JSON. Results go to stdout, all that is said beside them to stderr. */
export class Output {
  readonly paint: Paint;

  constructor(
    readonly json: boolean,
    /** Whether colours are allowed; they are used on a terminal only. */
    colours: boolean,
  ) {
    this.paint = colours && process.stdout.isTTY ? colourful : colourless;
  }

  /** The result as a whole. @param text what people read instead, without a line break at the end */
  result(value: unknown, text: (paint: Paint) => string): void {
    print(this.json ? JSON.stringify(value, null, 2) : text(this.paint));
  }

  /** One of many, as they come: a line of JSON each. */
  item(value: unknown, text: (paint: Paint) => string): void {
    print(this.json ? JSON.stringify(value) : text(this.paint));
  }

  /** Said to people beside the result. */
  note(text: string): void {
    if (!this.json) process.stderr.write(`${text}\n`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
