import { ApiPropertyOptional } from '@nestjs/swagger';
import { Fits } from '../http/field-check';
import { IsInstant } from '../http/instant';
import { Optional } from '../http/optional.decorator';
import { IsDigits, IsOneOf, IsText } from '../http/validators';

const ENTRY = /^\d{1,15}-\d{1,15}$/;
const MAX_TEXT = 400;
export const MAX_AUDIT_PAGE = 1000;
const FIRST = ['oldest', 'newest'] as const;

export class AuditQueryDto {
  @ApiPropertyOptional({ description: '`next` of the page before, or `entry` of any entry: the page begins behind it', pattern: ENTRY.source })
  @Optional()
  @Fits('the place of an entry, such as 1764412345678-0', (value) => typeof value === 'string' && ENTRY.test(value))
  after?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Written then or later, ISO 8601 with its offset' })
  @Optional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Written before then' })
  @Optional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({ enum: FIRST, default: 'oldest', description: 'Which entries come first' })
  @Optional()
  @IsOneOf(FIRST)
  first?: (typeof FIRST)[number];

  @ApiPropertyOptional({ description: 'Only what this caller did', maxLength: MAX_TEXT })
  @Optional()
  @IsText(1, MAX_TEXT)
  by?: string;

  @ApiPropertyOptional({ description: 'Only this act', example: 'cancel', maxLength: MAX_TEXT })
  @Optional()
  @IsText(1, MAX_TEXT)
  act?: string;

  @ApiPropertyOptional({ description: 'Only what was done to this', example: 'machine order-17', maxLength: MAX_TEXT })
  @Optional()
  @IsText(1, MAX_TEXT)
  on?: string;

  @ApiPropertyOptional({ description: `Entries at most, 1 to ${MAX_AUDIT_PAGE}`, default: '100', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(1, MAX_AUDIT_PAGE)
  limit?: string;
}
