import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { EventStream } from './event-stream';

class Client extends EventEmitter {
  text = '';
  full = false;
  closed = false;
  writableEnded = false;

  writeHead(): void {}

  write(text: string): boolean {
    this.text += text;
    return !this.full;
  }

  end(): void {
    this.writableEnded = true;
  }
}

function streamTo(client: Client): EventStream {
  return new EventStream(client as unknown as Response);
}

const settled = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return done;
};

describe('EventStream', () => {
  it('writes events in the format of EventSource', async () => {
    const client = new Client();
    const stream = streamTo(client);
    await stream.open();
    await stream.send('history', { note: 'two\nlines' }, 7);
    await stream.send('end', {});
    await stream.beat();
    expect(client.text).toBe(
      'retry: 1000\n\nid: 7\nevent: history\ndata: {"note":"two\\nlines"}\n\nevent: end\ndata: {}\n\n:\n\n',
    );
  });

  it('waits for a client that is full until it can take more', async () => {
    const client = new Client();
    client.full = true;
    const sent = streamTo(client).send('history', {}, 1);
    expect(await settled(sent)).toBe(false);
    client.emit('drain');
    expect(await settled(sent)).toBe(true);
    expect(client.listenerCount('drain')).toBe(0);
  });

  it('does not wait for a client that goes instead', async () => {
    const client = new Client();
    client.full = true;
    const sent = streamTo(client).send('history', {}, 1);
    client.closed = true;
    client.emit('close');
    expect(await settled(sent)).toBe(true);
    expect(client.listenerCount('drain')).toBe(0);
  });

  it('writes nothing to a client that has gone, and tells those who ask', async () => {
    const client = new Client();
    client.closed = true;
    const stream = streamTo(client);
    await stream.send('history', {}, 1);
    expect(client.text).toBe('');
    const told = new Promise<void>((resolve) => stream.onGone(resolve));
    expect(await settled(told)).toBe(true);
  });
});
