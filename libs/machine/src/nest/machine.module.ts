import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ArchivedMachines } from '../core/archive';
import { AuditLog } from '../core/audit';
import { MachineEvents } from '../core/events';
import { Explanations } from '../core/explanation';
import { MachineListing } from '../core/listing';
import { CounterTotals, Machines, Workers } from '../core/machines';
import { Operations } from '../core/operations';
import { Replays } from '../core/replays';
import { Schedules } from '../core/schedules';
import { Shares } from '../core/shares';
import { MachineSteering } from '../core/steering';
import { Figures } from '../core/timings';
import { StileRuntime } from '../runtime';
import type { StileOptions } from '../runtime-options';
import { MachineExplorer } from './explorer';
import { MachineFeature, type MachineFeatureOptions } from './machine-feature';
import { MachineHost, nestLog } from './machine-host';
import { MachineRegistry } from './registry';

/** Injection token of the {@link MachineModuleOptions} given to {@link MachineModule}. */
export const MACHINE_OPTIONS = Symbol('MACHINE_OPTIONS');

export interface MachineModuleOptions extends StileOptions, MachineFeatureOptions {
  readonly logs?: StileOptions['logs'] & {
    /** Gives fields to the app's logger as an object, `{ message, … }`, as one of JSON lines wants them. @default false: as text */
    readonly structured?: boolean;
  };
}

export interface MachineModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly useFactory: (...args: never[]) => MachineModuleOptions | Promise<MachineModuleOptions>;
  /** What the factory is called with. @default [] */
  readonly inject?: FactoryProvider['inject'];
}

/**
 * Stile in a Nest app: provides `Machines`, `MachineListing`, `ArchivedMachines`, `MachineEvents`, `MachineSteering`, `Schedules`, `Operations`,
 * `Explanations`, `Replays`, `Shares`, `CounterTotals`, `Figures`, `Workers` and `AuditLog` everywhere and, where `worker` is given, runs the machines
 * of all decorated classes, YAML files and builders it finds. Work begins when the application has started and ends before it closes;
 * call `app.enableShutdownHooks()` so that it does.
 */
@Module({})
export class MachineModule {
  /** @throws at start: StoreUnfitError, DefinitionError with all problems of all definitions */
  static forRoot(options: MachineModuleOptions): DynamicModule {
    return root({ provide: MACHINE_OPTIONS, useValue: options });
  }

  static forRootAsync({ imports, inject = [], useFactory }: MachineModuleAsyncOptions): DynamicModule {
    return root({ provide: MACHINE_OPTIONS, useFactory, inject }, imports);
  }

  /** More machines, from the module they belong to. */
  static forFeature(options: MachineFeatureOptions): DynamicModule {
    return {
      module: MachineFeatureModule,
      providers: [{ provide: MachineFeature, useFactory: () => new MachineFeature(options) }],
    };
  }
}

@Module({})
class MachineFeatureModule {}

/** What users inject, by the abstract class that is its token. */
const PUBLIC = [
  [Machines, ({ machines }: StileRuntime) => machines],
  [MachineListing, ({ listing }: StileRuntime) => listing],
  [ArchivedMachines, ({ archived }: StileRuntime) => archived],
  [MachineEvents, ({ events }: StileRuntime) => events],
  [MachineSteering, ({ steering }: StileRuntime) => steering],
  [Explanations, ({ explanations }: StileRuntime) => explanations],
  [Replays, ({ replays }: StileRuntime) => replays],
  [Schedules, ({ schedules }: StileRuntime) => schedules],
  [Shares, ({ shares }: StileRuntime) => shares],
  [Operations, ({ operations }: StileRuntime) => operations],
  [CounterTotals, ({ counters }: StileRuntime) => counters],
  [Figures, ({ figures }: StileRuntime) => figures],
  [Workers, ({ workers }: StileRuntime) => workers],
  [AuditLog, ({ audit }: StileRuntime) => audit],
] as const;

function root(options: Provider, imports: ModuleMetadata['imports'] = []): DynamicModule {
  return {
    module: MachineModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [
      options,
      {
        provide: MachineFeature,
        useFactory: (given: MachineModuleOptions) => new MachineFeature(given),
        inject: [MACHINE_OPTIONS],
      },
      {
        provide: StileRuntime,
        useFactory: (given: MachineModuleOptions) => new StileRuntime(given, nestLog(given.logs?.structured)),
        inject: [MACHINE_OPTIONS],
      },
      ...PUBLIC.map(([provide, pick]) => ({ provide, useFactory: pick, inject: [StileRuntime] })),
      MachineRegistry,
      MachineExplorer,
      MachineHost,
    ],
    exports: [...PUBLIC.map(([token]) => token), StileRuntime, MachineRegistry],
  };
}
