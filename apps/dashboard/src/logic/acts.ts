import type { Machine } from '../api/types';
import { hasEnded } from './stream';

export type ActName = 'send' | 'retry' | 'edit' | 'resume' | 'pause' | 'move' | 'cancel' | 'replay';

/** What can be done to a machine as it is, the likeliest first. The API decides; this only keeps buttons away that it would refuse. */
export function actsFor({ status, asked }: Pick<Machine, 'status' | 'asked'>): ActName[] {
  const acts: ActName[] = [];
  if (status === 'failed') acts.push('retry', 'edit');
  if (status === 'paused' || asked === 'pause') acts.push('resume');
  if (status === 'paused') acts.push('edit');
  if (!hasEnded(status)) acts.push('send');
  if (!hasEnded(status) && status !== 'paused' && asked === null) acts.push('pause');
  if (status !== 'running' && status !== 'completed' && status !== 'cancelled' && asked !== 'cancel') acts.push('move');
  if (status !== 'completed' && status !== 'cancelled') acts.push('cancel');
  acts.push('replay');
  return acts;
}
