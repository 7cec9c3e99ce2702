import { alsoRun, onValkey } from '../support/engines';

if (onValkey(4)) alsoRun('engine-run', 'protocol-step-store', 'protocol-events');
else {
  process.stderr.write('\nvalkey-server is not on PATH: the tests of Valkey are not run (Debian 13 has it, Debian 12 has not)\n');
  it.skip('runs on Valkey (valkey-server is not on PATH)', () => undefined);
}
