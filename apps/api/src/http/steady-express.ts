import { createServer, IncomingMessage, ServerResponse, type RequestListener } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** The application: what it gives requests and responses as their prototypes. */
type Express = RequestListener & { request: object; response: object };

/**
 * Express on a server that makes its requests and responses as Express wants them. Express sets the prototype of each one, which gives it
 * another hidden class after it was made: V8 then keeps what hangs on it through its collections of young objects, 15 KB of each request, and the
 * collections of old ones that follow are what the slowest reads wait for. To set the prototype that is there already does nothing. See
 * docs/decisions/0042.
 *
 * Knows HTTP only, and none of Nest's options for servers.
 */
export class SteadyExpress extends ExpressAdapter {
  override initHttpServer(): void {
    class Request extends IncomingMessage {}
    class Response extends ServerResponse {}
    const app = this.getInstance<Express>();
    app.request = Object.setPrototypeOf(Request.prototype, app.request) as object;
    app.response = Object.setPrototypeOf(Response.prototype, app.response) as object;
    this.setHttpServer(createServer({ IncomingMessage: Request, ServerResponse: Response }, app));
  }
}
