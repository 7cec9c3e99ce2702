/** One server-sent event as it came over the wire. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** The id that was given last, with this event or before. */
  readonly id: string;
}

/**
 * Reads server-sent events as the HTML standard says, from whatever pieces they come in. An event that was cut off is not told.
 *
 * @param silenceMs a stream that says nothing for so long, not even a comment, is dead: its connection may be forgotten between the two ends
 * @throws Error when the connection breaks, or is silent for too long
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new Parser();
  try {
    for (;;) {
      const { done, value } = await within(silenceMs, reader.read());
      if (done) return;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

class Parser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id = '';
  private endedWithCr = false;

  *feed(piece: string): Generator<ServerSentEvent> {
    if (piece === '') return;
    // A line ends at its CR. An LF that comes in the next piece belongs to it.
    const text = this.rest + (this.endedWithCr && piece.startsWith('\n') ? piece.slice(1) : piece);
    this.endedWithCr = piece.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.field(line);
      else if (this.data.length > 0) yield this.dispatch();
      else this.event = '';
    }
  }

  private field(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?::[ ]?(.*))?$/s.exec(line) ?? [];
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
  }

  private dispatch(): ServerSentEvent {
    const event = { event: this.event || 'message', data: this.data.join('\n'), id: this.id };
    this.event = '';
    this.data = [];
    return event;
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
