import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { InjectBullBoard, type BullBoardInstance } from '@bull-board/nestjs';
import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { QueueDirectory, type ListedQueue } from './queue-directory';

/** Shows the dashboard the queues that came since it was last looked at. */
@Injectable()
export class QueueBoard {
  private readonly shown = new Set<ListedQueue>();

  constructor(
    @InjectBullBoard() private readonly board: BullBoardInstance,
    private readonly directory: QueueDirectory,
  ) {}

  /** To run before every request to the dashboard. */
  readonly refresh: RequestHandler = async (_request, _response, next) => {
    for (const listed of await this.directory.list()) this.show(listed);
    next();
  };

  private show(listed: ListedQueue): void {
    if (this.shown.has(listed)) return;
    this.shown.add(listed);
    const { partition, queue } = listed;
    this.board.addQueue(new BullMQAdapter(queue, partition === 0 ? {} : { prefix: `${partition}/` }));
  }
}
