import type { DynamicModule, FactoryProvider, ModuleMetadata, Provider } from '@nestjs/common';
import type { AcquireOptions, AcquireResult, AdvanceResult, LeaseStore, RenewResult, StepRef } from '../core/lease-store';

/** Injection token of the {@link LeaseStore} given to {@link LeaseModule}. */
export const LEASE_STORE = Symbol('LEASE_STORE');

/** The same store, by class: `constructor(private readonly leases: Leases)`. */
export abstract class Leases implements LeaseStore {
  abstract acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult>;
  abstract renew(id: string, fence: number, ttlMs: number): Promise<RenewResult>;
  abstract advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult>;
  abstract release(id: string, at: StepRef, fence: number): Promise<boolean>;
  abstract forget(id: string): Promise<void>;
}

export interface LeaseModuleOptions {
  /** The store to hand out. Its connection stays its owner's: the module opens and closes nothing. */
  readonly store: LeaseStore;
}

export interface LeaseModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly useFactory: (...args: never[]) => LeaseModuleOptions | Promise<LeaseModuleOptions>;
  /** What the factory is called with. @default [] */
  readonly inject?: FactoryProvider['inject'];
}

/**
 * A thin shell for Nest: provides a lease store under `LEASE_STORE` and `Leases`.
 *
 * Nest is only named in types here, so that the library needs no Nest where none is used.
 */
export class LeaseModule {
  static forRoot(options: LeaseModuleOptions): DynamicModule {
    return shell({ provide: LEASE_STORE, useValue: checkStore(options, 'LeaseModule.forRoot') });
  }

  static forRootAsync(options: LeaseModuleAsyncOptions): DynamicModule {
    const useFactory = async (...args: never[]) =>
      checkStore(await options.useFactory(...args), 'LeaseModule.forRootAsync: useFactory');
    return shell({ provide: LEASE_STORE, useFactory, inject: options.inject ?? [] }, options.imports);
  }
}

function shell(store: Provider, imports: ModuleMetadata['imports'] = []): DynamicModule {
  return {
    module: LeaseModule,
    imports,
    providers: [store, { provide: Leases, useExisting: LEASE_STORE }],
    exports: [LEASE_STORE, Leases],
  };
}

function checkStore(options: LeaseModuleOptions | undefined, where: string): LeaseStore {
  if (typeof options?.store?.acquire !== 'function') {
    throw new TypeError(`${where}: store is ${typeof options?.store}; give { store: new RedisLeaseStore(redis) }`);
  }
  return options.store;
}
