import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MemoryLeaseStore } from '../memory/memory-lease-store';
import { LEASE_STORE, LeaseModule, Leases } from './lease.module';

@Injectable()
class Printer {
  constructor(
    readonly leases: Leases,
    @Inject(LEASE_STORE) readonly store: unknown,
  ) {}
}

const SETTINGS = Symbol('settings');

@Module({ providers: [{ provide: SETTINGS, useValue: 'server-1' }], exports: [SETTINGS] })
class SettingsModule {}

describe('LeaseModule', () => {
  it('provides the store it is given, by token and by class', async () => {
    const store = new MemoryLeaseStore();
    const module = await Test.createTestingModule({
      imports: [LeaseModule.forRoot({ store })],
      providers: [Printer],
    }).compile();
    const printer = module.get(Printer);
    expect(printer.store).toBe(store);
    expect(printer.leases).toBe(store);
    await module.close();
  });

  it('makes the store in a factory, with what it injects', async () => {
    const identities: string[] = [];
    const module = await Test.createTestingModule({
      imports: [
        LeaseModule.forRootAsync({
          imports: [SettingsModule],
          inject: [SETTINGS],
          useFactory: async (identity: string) => {
            identities.push(identity);
            return { store: new MemoryLeaseStore({ identity: () => identity }) };
          },
        }),
      ],
      providers: [Printer],
    }).compile();
    const { leases } = module.get(Printer);
    expect(identities).toEqual(['server-1']);
    const at = { steps: 0, retries: 0 };
    expect(await leases.acquire('id', at, { nonce: 'n', ttlMs: 1_000 })).toMatchObject({ fence: 1 });
    await module.close();
  });

  it('names itself and the field when there is no store', async () => {
    expect(() => LeaseModule.forRoot({} as never)).toThrow('LeaseModule.forRoot: store is undefined; give');
    const module = Test.createTestingModule({
      imports: [LeaseModule.forRootAsync({ useFactory: () => undefined as never })],
    });
    await expect(module.compile()).rejects.toThrow('LeaseModule.forRootAsync: useFactory: store is undefined');
  });
});
