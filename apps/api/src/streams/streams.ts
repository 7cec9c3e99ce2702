import { Injectable, Logger } from '@nestjs/common';
import { Machines } from '@stile/machine';
import type { Response } from 'express';
import { Authenticator } from '../access/authenticator';
import { Stay } from '../access/stay';
import { Closing } from '../http/closing';
import { Redaction } from '../redaction/redaction';
import { EventStream } from './event-stream';
import { HistoryStream } from './history-stream';
import { Ticker } from './ticker';

/** All open streams. They end with the server: clients come back, to another one, with the number of what they have. */
@Injectable()
export class Streams {
  private readonly log = new Logger('Streams');

  constructor(
    private readonly machines: Machines,
    private readonly ticker: Ticker,
    private readonly closing: Closing,
    private readonly authenticator: Authenticator,
    private readonly redaction: Redaction,
  ) {}

  /** Answers with a stream of what happens to a machine after item number `after`. */
  async open(id: string, after: number, response: Response): Promise<void> {
    const out = new EventStream(response);
    const report = (error: unknown): void => this.log.warn(`stream of machine "${id}" cut: ${String(error)}`);
    const history = new HistoryStream(this.machines, id, after, out, report, (told) => this.redaction.of(told));
    const end = (): void => out.end();
    const stay = new Stay(this.authenticator, response.req, end);
    const silence = this.ticker.listen((nowMs) => {
      void history.tick(nowMs);
      void stay.tick(nowMs);
    });
    this.closing.signal.addEventListener('abort', end);
    out.onGone(() => {
      silence();
      this.closing.signal.removeEventListener('abort', end);
    });
    await out.open();
    if (this.closing.signal.aborted) end();
  }
}
