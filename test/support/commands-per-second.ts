import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How many commands a second name something, scripts' own commands included.
 *
 * MONITOR over a plain socket: a client library loses count when lines of the stream come together with the answer that begins it.
 *
 * @param naming what a command's line has in it, such as a key prefix · @param ms how long to count
 */
export async function commandsPerSecond(url: string, naming: string, ms: number): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    const lines = createInterface({ input: socket });
    let count = 0;
    const begun = new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      lines.on('line', (line) => {
        if (line === '+OK') resolve();
        else if (line.startsWith('-')) reject(new Error(`MONITOR was refused: ${line}`));
        else if (line.includes(naming)) count++;
      });
    });
    socket.write('MONITOR\r\n');
    await begun;
    await sleep(ms);
    return count / (ms / 1000);
  } finally {
    socket.destroy();
  }
}
