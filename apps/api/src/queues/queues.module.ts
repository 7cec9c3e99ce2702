import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { BullBoardModule } from '@bull-board/nestjs';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DEFAULT_QUEUE, StileRuntime } from '@stile/machine';
import { Audit } from '../audit/audit';
import { auditRequests } from '../audit/refused-requests';
import { QueueBoard } from './queue-board';
import { QueueDirectory } from './queue-directory';

const ROUTE = '/queues';

/** An Express application of its own, which would tell that it is one. */
class BoardAdapter extends ExpressAdapter {
  constructor() {
    super();
    this.app.disable('x-powered-by').disable('etag');
  }
}

/** BullMQ's queues, and a dashboard of them. What is done to a job there harms no machine: its record is the truth. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [StileRuntime],
      useFactory: ({ redis, keys }: StileRuntime) => ({
        connection: redis,
        prefix: keys.queuePrefix(0),
        skipMetasUpdate: true,
      }),
    }),
    BullModule.registerQueue({ name: DEFAULT_QUEUE }),
    BullBoardModule.forRoot({
      route: ROUTE,
      adapter: BoardAdapter,
      boardOptions: { uiConfig: { boardTitle: 'Stile', miscLinks: [{ text: 'Machines', url: '/' }] } },
    }),
    BullBoardModule.forFeature({ name: DEFAULT_QUEUE, adapter: BullMQAdapter }),
  ],
  providers: [QueueDirectory, QueueBoard],
  exports: [QueueDirectory],
})
export class QueuesModule {
  /** Not a module's middleware: that of the dashboard's own module would come first, and answer. Call before `app.init()`. */
  static prepareBoard(app: NestExpressApplication): void {
    app.use(ROUTE, auditRequests(app.get(Audit)), app.get(QueueBoard, { strict: false }).refresh);
  }
}
