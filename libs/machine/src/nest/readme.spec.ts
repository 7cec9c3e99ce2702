import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Module } from '@nestjs/common';
import { MachineModule, State, StateMachine, type Step } from '..';

@Injectable()
class Mail {
  async send(_to: string, _options: { idempotencyKey: string; signal: AbortSignal }): Promise<void> {}
}

// What follows stands in the README, letter by letter: so it compiles.
@StateMachine({ name: 'greet' })
export class Greet {
  constructor(private readonly mail: Mail) {}

  @State({ initial: true, on: { said: 'bye' }, retry: { baseMs: 200 } })
  async hello(context: { name: string }, step: Step) {
    await this.mail.send(context.name, { idempotencyKey: step.idempotencyKey, signal: step.signal });
    return 'said';
  }

  @State({ final: true })
  bye() {}
}

@Module({
  imports: [MachineModule.forRoot({ redis: { url: 'redis://localhost:6379' }, worker: {} })],
  providers: [Greet, Mail],
})
export class AppModule {}
// End of what stands in the README.

it('the README shows a machine that compiles', () => {
  const [, snippet = ''] = /letter by letter[^\n]*\n(.*)\n\/\/ End of/s.exec(readFileSync(__filename, 'utf8')) ?? [];
  expect(snippet).toContain('@StateMachine');
  expect(readFileSync(join(__dirname, '../../../../README.md'), 'utf8')).toContain(snippet);
});
