import { ApiPropertyOptional } from '@nestjs/swagger';
import { parseDuration } from '@stile/machine';
import { Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { IsDigits, IsText } from '../http/validators';

export const MAX_WAIT_MS = 60_000;
export const MAX_PAGE = 1000;
export const DEFAULT_CHILDREN = 100;
const MAX_NUMBER = 1e15;

export class MachineQueryDto {
  @ApiPropertyOptional({
    description: 'Answer when the machine has ended, or after this time: a duration such as 30s or 1m, or ms; at most 60 s',
    example: '30s',
  })
  @Optional()
  @Fits('a duration such as 30s, or a number of ms, of at most 60 s', (value) => {
    const ms = waitMs(value);
    return ms !== undefined && ms <= MAX_WAIT_MS;
  })
  wait?: string;
}

export class HistoryQueryDto {
  @ApiPropertyOptional({ description: 'Only what came after the item of this number', default: '0', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(0, MAX_NUMBER)
  after?: string;

  @ApiPropertyOptional({ description: 'Items at most, 1 to 1000', default: '1000', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(1, MAX_PAGE)
  limit?: string;
}

export class ChildrenQueryDto {
  @ApiPropertyOptional({ description: 'Those of one group only' })
  @Optional()
  @IsText(1, 200)
  group?: string;

  @ApiPropertyOptional({ description: 'Place of the first one, over all that are asked for', default: '0', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(0, MAX_NUMBER)
  from?: string;

  @ApiPropertyOptional({ description: 'Children at most, 1 to 1000', default: '100', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(1, MAX_PAGE)
  limit?: string;
}

/** Milliseconds of `30s` or `30000`. */
export function waitMs(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : parseDuration(value);
}
