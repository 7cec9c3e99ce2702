import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadYamlText } from '../loader/yaml-loader';
import { TestKit } from './index';

const guide = (name: string): string => readFileSync(join(__dirname, `../../../../docs/guide/${name}.md`), 'utf8');
const yamlOf = (text: string): string[] => [...text.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block = '']) => block);

describe('docs/guide', () => {
  it.each(['events', 'timers', 'callbacks', 'steering'])('%s.md shows YAML that can be loaded', (name) => {
    const blocks = yamlOf(guide(name));
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.flatMap((block) => loadYamlText(block, `${name}.md`).problems)).toEqual([]);
  });

  it('keeps what events.md says of early events: a policy speaks for them, too', async () => {
    const kit = await TestKit.create({
      machines: yamlOf(guide('events')),
      actions: { 'payment.request': () => {}, 'payment.book': () => {}, 'payment.thank': () => {} },
    });
    const payment = await kit.start('payment');
    for (const event of ['refund', 'noise', 'paid']) expect(await payment.send(event)).toEqual({ outcome: 'kept' });
    await kit.run();
    expect([payment.state, payment.status, payment.all.inbox]).toEqual(['paid', 'waiting', 0]);
  });

  it('keeps what steering.md says of holds: resuming does not take a machine past them', async () => {
    const kit = await TestKit.create({
      machines: yamlOf(guide('steering')),
      actions: { 'car.drive': () => 'arrived', 'car.return': () => 'returned' },
    });
    await kit.steering.hold({ machine: 'rent', state: 'drive' });
    const rent = await kit.start('rent');
    await kit.run();
    await kit.steering.resume(rent.correlationId);
    await kit.run();
    expect([rent.status, rent.all.heldBy]).toEqual(['paused', 'rent/drive']);
    await kit.steering.move(rent.correlationId, 'give_back');
    await kit.steering.resume(rent.correlationId);
    await kit.run();
    expect([rent.status, rent.committed()]).toEqual(['completed', ['give_back', 'done']]);
  });
});
