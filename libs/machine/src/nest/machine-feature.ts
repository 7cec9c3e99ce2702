import type { Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import { loadYamlFiles } from '../loader/yaml-loader';

/** Machines that do not come from decorated classes. Decorated classes are ordinary providers and need no mention. */
export interface MachineFeatureOptions {
  /** YAML files. */
  readonly yaml?: readonly string[];
  /** What `defineMachine` made, or a loader. */
  readonly machines?: readonly MachineSource[];
  /** What a loader found wrong: told with everything else that is. */
  readonly problems?: readonly Problem[];
}

/** What one `forRoot` or `forFeature` brings; found by the explorer like any other provider. */
export class MachineFeature {
  readonly machines: readonly MachineSource[];
  readonly problems: readonly Problem[];

  constructor({ yaml = [], machines = [], problems = [] }: MachineFeatureOptions) {
    const loaded = yaml.length === 0 ? { sources: [], problems: [] } : loadYamlFiles(yaml);
    this.machines = [...machines, ...loaded.sources];
    this.problems = [...problems, ...loaded.problems];
  }
}
