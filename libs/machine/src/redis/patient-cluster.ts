import { Cluster } from 'ioredis';

type Send = Cluster['sendCommand'];

/**
 * A cluster client whose commands may have an end to their patience. The client's own `commandTimeout` begins when a command reaches a
 * node: one that waits because no node is there, or that is sent round in circles, would wait for ever.
 */
export class PatientCluster extends Cluster {
  /** How long a command waits for an answer, ms; none: as long as it takes. */
  patienceMs?: number;

  override sendCommand(...[command, stream, node]: Parameters<Send>): ReturnType<Send> {
    if (this.patienceMs !== undefined) command.setTimeout(this.patienceMs);
    return super.sendCommand(command, stream, node);
  }
}
