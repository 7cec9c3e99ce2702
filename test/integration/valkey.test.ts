import { findValkeyServer } from '@stile/local-redis';
import { alsoRun, onValkey } from '../support/engines';

if (onValkey(4)) alsoRun('engine-run', 'protocol-step-store', 'protocol-events');
else {
  process.stderr.write('\nvalkey-server is not on PATH: the tests of Valkey are NOT run here\n');
  it('NOT RUN on Valkey, as valkey-server is not on PATH', () => expect(findValkeyServer()).toBeUndefined());
}
