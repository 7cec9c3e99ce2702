import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { Redaction } from './redaction';

/** What is not to be shown leaves in no answer, whichever route gives it. Streams, which are no answers, ask {@link Redaction} themselves. */
@Injectable()
export class RedactInterceptor implements NestInterceptor {
  constructor(private readonly redaction: Redaction) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((answer: unknown) => this.redaction.of(answer)));
  }
}
