import { Injectable } from '@nestjs/common';
import {
  Machines,
  StartRefusedError,
  StoreUnavailableError,
  type StartRequest,
  type StartResult,
  type StileError,
} from '@stile/machine';
import type { Scope } from '../access/scope';
import { toDto } from '../http/dto';
import { ApiProblem } from '../problems/api-problem';
import { problemOf } from '../problems/problem-of';
import { BulkItemDto, type BulkOutcomeDto, type BulkStartDto } from './bulk-start.dto';
import { machineDto } from './machine.dto';
import { takenProblem } from './taken';

type Started = StartResult | { readonly outcome: 'rejected'; readonly correlationId?: string; readonly error: StileError };

/** Starts many machines of one definition. An item at fault is rejected alone; what is wrong with all of them refuses the request. */
@Injectable()
export class BulkStarter {
  constructor(private readonly machines: Machines) {}

  /** @throws ApiProblem UNKNOWN_MACHINE, OUTSIDE_SCOPE for the definition, StoreUnavailableError when no item could be written */
  async start({ machine, items }: BulkStartDto, instance: string, scope: Scope): Promise<BulkOutcomeDto[]> {
    scope.requireDefinition(machine);
    await this.requireDefinition(machine, scope);
    const outcomes = new Array<BulkOutcomeDto>(items.length);
    const requests: StartRequest[] = [];
    const positions: number[] = [];
    items.forEach((item, position) => {
      try {
        const dto = toDto(BulkItemDto, item, `items[${position}]`);
        const correlationId = scope.newId(dto.correlationId);
        requests.push({ ...dto, ...(correlationId === undefined ? {} : { correlationId }), machine });
        positions.push(position);
      } catch (error) {
        outcomes[position] = {
          correlationId: givenId(item),
          outcome: 'rejected',
          problem: problemOf(error, instance),
        };
      }
    });
    const results: readonly Started[] = await this.machines.startMany(requests);
    throwIfAway(results);
    results.forEach((result, i) => (outcomes[positions[i] as number] = outcomeOf(result, instance)));
    return outcomes;
  }

  private async requireDefinition(machine: string, scope: Scope): Promise<void> {
    if (await this.machines.definition(machine)) return;
    const all = (await this.machines.definitions()).map(({ name }) => name);
    const names = [...new Set(all)].filter((name) => scope.hasDefinition(name));
    const known =
      names.length > 0
        ? `there is: ${names.join(', ')}; name one of these, or start a worker that has it`
        : 'none is published yet: start a worker first';
    throw new ApiProblem('UNKNOWN_MACHINE', `no worker has published a machine named "${machine}"; ${known}`);
  }
}

/** Nothing was written, as far as is known: the request as a whole may be sent again, later where a flood was refused. */
function throwIfAway(results: readonly Started[]): void {
  const errors = results.map((result) => (result.outcome === 'rejected' ? result.error : undefined));
  const [first] = errors;
  if (first && errors.every((error) => error instanceof StoreUnavailableError || error instanceof StartRefusedError)) throw first;
}

function outcomeOf(result: Started, instance: string): BulkOutcomeDto {
  switch (result.outcome) {
    case 'created':
    case 'existing':
      return {
        correlationId: result.machine.correlationId,
        outcome: result.outcome,
        machine: machineDto(result.machine),
      };
    case 'conflict': {
      const { correlationId, outcome } = result;
      return { correlationId, outcome, problem: problemOf(takenProblem(correlationId), instance) };
    }
    case 'rejected':
      return {
        correlationId: result.correlationId ?? null,
        outcome: 'rejected',
        problem: problemOf(result.error, instance),
      };
  }
}

function givenId(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { correlationId?: unknown }).correlationId : undefined;
  return typeof id === 'string' ? id : null;
}
