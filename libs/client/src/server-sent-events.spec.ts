import { readServerSentEvents, type ServerSentEvent } from './server-sent-events';

const LONG = 10_000;

function bodyOf(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  return new ReadableStream({
    pull(controller) {
      const next = bytes.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
}

async function read(...pieces: (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(bodyOf(...pieces), LONG)) events.push(event);
  return events;
}

describe('readServerSentEvents', () => {
  const text = 'retry: 1000\n\nid: 7\nevent: history\ndata: {"a":\ndata: "ö"}\n\n:\n\ndata:x\n\n';
  const events = [
    { event: 'history', data: '{"a":\n"ö"}', id: '7' },
    { event: 'message', data: 'x', id: '7' },
  ];

  it.each(['\n', '\r\n', '\r'])('reads lines that end with %j', async (end) => {
    expect(await read(text.replaceAll('\n', end))).toEqual(events);
  });

  it('reads the same in whatever pieces it comes', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const bytes = new TextEncoder().encode(text.replaceAll('\n', end));
      for (const size of [1, 2, 3, 7]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
        expect(await read(...pieces)).toEqual(events);
      }
    }
  });

  it('does not tell what was cut off', async () => {
    expect(await read('data: 1\n\ndata: 2\n')).toEqual([{ event: 'message', data: '1', id: '' }]);
  });

  it('gives up a connection that is silent', async () => {
    const stream = new ReadableStream<Uint8Array>({});
    await expect(readServerSentEvents(stream, 5).next()).rejects.toThrow('nothing came for 5 ms');
  });

  it('closes the connection when nobody reads on', async () => {
    let closed = false;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
      cancel: () => void (closed = true),
    });
    const events = readServerSentEvents(stream, LONG);
    await events.next();
    await events.return(undefined);
    expect(closed).toBe(true);
  });
});
