import { describeIdentityChange, describeLeaseStore } from '../testing/lease-store.contract';
import { MemoryLeaseStore } from './memory-lease-store';

async function bench() {
  let now = 1_700_000_000_000;
  let server = 1;
  return {
    store: new MemoryLeaseStore({ clock: () => now, identity: () => `server-${server}` }),
    pass: async (ms: number) => {
      now += ms;
    },
    changeIdentity: async () => {
      server++;
    },
  };
}

describeLeaseStore('MemoryLeaseStore', bench);
describeIdentityChange('MemoryLeaseStore', bench);
