import { setMaxListeners } from 'node:events';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Tells requests that last, by their nature, that the server wants to go: they answer what they have. */
@Injectable()
export class Closing implements BeforeApplicationShutdown {
  private readonly controller = new AbortController();

  constructor() {
    setMaxListeners(0, this.controller.signal); // one for each request that lasts
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  beforeApplicationShutdown(): void {
    this.controller.abort();
  }
}
