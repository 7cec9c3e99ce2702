const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof CODES;
export type Paint = (text: string, colour?: Colour) => string;

export const colourless: Paint = (text) => text;
export const colourful: Paint = (text, colour) => (colour === undefined ? text : `\x1b[${CODES[colour]}m${text}\x1b[0m`);

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  completed: 'green',
  committed: 'green',
  done: 'green',
  failed: 'red',
  cancelled: 'dim',
  paused: 'yellow',
  stopped: 'yellow',
  waiting: 'cyan',
  running: 'bold',
};

/** Of a machine, an attempt or an operation. */
export function statusColour(status: string): Colour | undefined {
  return STATUS_COLOURS[status];
}
