import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { STATUSES, type MachineStatus, type OperationFilter } from '@stile/machine';
import { kindFault } from '../http/fault';
import { Checked } from '../http/field-check';
import { MAX_NAME } from '../http/validators';
import { ApiProblem } from '../problems/api-problem';

const MAX_TAG = 128;

@ApiSchema({ name: 'Tag' })
export class TagDto {
  @ApiProperty({ example: 'shop', maxLength: MAX_TAG })
  key!: string;

  @ApiProperty({ example: 'berlin', maxLength: MAX_TAG })
  value!: string;
}

/** Its fields are judged by the library: see `filterOf`. */
@ApiSchema({ name: 'OperationFilter' })
export class FilterDto {
  @ApiPropertyOptional({ description: 'Name of a published machine', example: 'order', maxLength: MAX_NAME })
  machine?: string;

  @ApiPropertyOptional({ type: [String], readOnly: true, description: 'Only shown: the definitions that its caller is held to' })
  machines?: readonly string[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Of `machine`' })
  version?: number;

  @ApiPropertyOptional({ enum: STATUSES, isArray: true, minItems: 1, description: 'One of these', example: ['failed'] })
  status?: MachineStatus[];

  @ApiPropertyOptional({ description: 'Name of a state', example: 'charge', maxLength: MAX_NAME })
  state?: string;

  @ApiPropertyOptional({ type: TagDto })
  tag?: TagDto;

  @ApiPropertyOptional({ format: 'date-time', description: 'Started then or later; with its offset from UTC' })
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Started before then; with its offset from UTC' })
  to?: string;

  @ApiPropertyOptional({ description: 'How the correlation id begins', example: 'o-', maxLength: MAX_NAME })
  idPrefix?: string;

  @ApiPropertyOptional({ description: 'Id of a group of failures', pattern: '^[0-9a-f]{16}$' })
  failure?: string;

  @ApiPropertyOptional({
    type: 'boolean',
    enum: [true],
    description: 'All machines there are: instead of conditions, of which there is at least one',
  })
  all?: true;
}

const FIELDS = ['machine', 'version', 'status', 'state', 'tag', 'from', 'to', 'idPrefix', 'failure', 'all'];

export function IsFilter(): PropertyDecorator {
  return Checked((value) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
    return kindFault(value, `an object with: ${FIELDS.join(', ')}`);
  });
}

/** What the client calls `status` is `statuses` inside. @throws ApiProblem VALIDATION_FAILED for fields that are not known */
export function filterOf({ status, ...conditions }: FilterDto): OperationFilter {
  const unknown = Object.keys(conditions).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0) {
    const problem = `is not known here; known are: ${FIELDS.join(', ')}`;
    throw ApiProblem.invalid(unknown.map((field) => ({ field: `filter.${field}`, problem })));
  }
  return (status === undefined ? conditions : { ...conditions, statuses: status }) as OperationFilter;
}

/** And back. */
export function showFilter(filter: OperationFilter): FilterDto {
  if ('all' in filter) return filter;
  const { statuses, ...conditions } = filter;
  return statuses === undefined ? conditions : { ...conditions, status: [...statuses] };
}
