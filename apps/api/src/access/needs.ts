import { SetMetadata } from '@nestjs/common';

export const NEEDS = 'stile:needs';
export type Need = 'nobody' | 'viewer' | 'starter' | 'operator' | 'admin';
export const Needs = (need: Need) => SetMetadata(NEEDS, need);
