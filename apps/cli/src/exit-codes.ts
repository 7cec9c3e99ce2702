/** What a command ends with: docs/guide/commands.md tells it to users. */
export const EXIT = {
  ok: 0,
  /** What was asked for came to a bad end: a machine failed, doctor found something. Also: a fault of ours. */
  failed: 1,
  /** The command line, a file or a value cannot be used. */
  usage: 2,
  notFound: 3,
  /** Something has another state than this needs. */
  refused: 4,
  /** Nothing answers there, or its store is away: the same command may go well later. */
  unavailable: 5,
  interrupted: 130,
} as const;
