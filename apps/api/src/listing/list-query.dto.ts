import { ApiPropertyOptional } from '@nestjs/swagger';
import { STATUSES, type MachineFilter, type MachineStatus } from '@stile/machine';
import { fault } from '../http/fault';
import { Checked, Fits } from '../http/field-check';
import { IsInstant } from '../http/instant';
import { Optional } from '../http/optional.decorator';
import { IsDigits, IsOneOf, IsText, MAX_NAME } from '../http/validators';
import { MACHINE_ID } from '../machines/machine-id';

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const NAME_WANTED = '1 to 128 characters of A-Z a-z 0-9 _ . -';
const MAX_TAG = 128;
const MAX_CURSOR = 400;
const VERSION = /^[1-9][0-9]{0,14}$/;

function Matches(pattern: RegExp, wanted: string): PropertyDecorator {
  return Fits(wanted, (value) => typeof value === 'string' && pattern.test(value));
}

/** `failed,paused` */
function IsStatuses(): PropertyDecorator {
  return Checked((value) => {
    const wanted = `some of ${STATUSES.join(', ')}, with commas between them`;
    if (typeof value !== 'string' || value === '') return fault(value, wanted);
    const odd = value.split(',').find((status) => !STATUSES.includes(status as MachineStatus));
    return odd === undefined ? undefined : fault(odd, wanted);
  });
}

/** `shop:berlin`: what comes before the first colon is the name. */
function IsTagText(): PropertyDecorator {
  return Fits(`the name of a tag, a colon and its value, such as shop:berlin, of up to ${MAX_TAG} characters each`, (value) => {
    if (typeof value !== 'string') return false;
    const { key, value: text } = tagOf(value);
    return key.length >= 1 && key.length <= MAX_TAG && text !== undefined && text.length <= MAX_TAG;
  });
}

function tagOf(text: string): { key: string; value: string | undefined } {
  const colon = text.indexOf(':');
  return colon < 0 ? { key: text, value: undefined } : { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

/** A version is one of a machine: alone it says nothing. */
function IsVersionOfMachine(): PropertyDecorator {
  return Checked((value, dto) => {
    if (typeof value !== 'string' || !VERSION.test(value)) return fault(value, 'a whole number from 1');
    return (dto as DefinitionFilterDto).machine === undefined ? 'is given without machine; give both' : undefined;
  });
}

/** One definition, or all. */
export class DefinitionFilterDto {
  @ApiPropertyOptional({ description: 'Name of the definition', example: 'order', maxLength: MAX_NAME })
  @Optional()
  @Matches(NAME, NAME_WANTED)
  machine?: string;

  @ApiPropertyOptional({ description: 'Of `machine`', pattern: VERSION.source, example: '2' })
  @Optional()
  @IsVersionOfMachine()
  version?: string;
}

export class ListQueryDto extends DefinitionFilterDto {
  @ApiPropertyOptional({ description: `One or several of ${STATUSES.join(', ')}`, example: 'failed,paused' })
  @Optional()
  @IsStatuses()
  status?: string;

  @ApiPropertyOptional({ example: 'charge', maxLength: MAX_NAME })
  @Optional()
  @Matches(NAME, NAME_WANTED)
  state?: string;

  @ApiPropertyOptional({ description: 'Name of a tag, a colon and its value', example: 'shop:berlin' })
  @Optional()
  @IsTagText()
  tag?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Started then or later, ISO 8601 with its offset' })
  @Optional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Started before then' })
  @Optional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({ description: 'What the id begins with; the list is by id then', pattern: MACHINE_ID.source })
  @Optional()
  @Matches(MACHINE_ID, NAME_WANTED)
  idPrefix?: string;

  @ApiPropertyOptional({ description: 'Id of a group of failures, see /v1/failures', pattern: '^[0-9a-f]{16}$' })
  @Optional()
  @Matches(/^[0-9a-f]{16}$/, 'the id of a group of failures, 16 of 0-9 a-f')
  failure?: string;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Instead of the machines that are kept: those that have gone into the archive',
  })
  @Optional()
  @IsOneOf(['true', 'false'])
  archived?: string;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @Optional()
  @IsText(1, MAX_CURSOR)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Machines at most, 1 to 200', default: '50', pattern: '^[0-9]+$' })
  @Optional()
  @IsDigits(1, 200)
  limit?: string;
}

export function filterOf({ machine, version, status, state, tag, from, to, idPrefix, failure }: ListQueryDto): MachineFilter {
  const { key = '', value = '' } = tag === undefined ? {} : tagOf(tag);
  return {
    ...(machine === undefined ? {} : { machine }),
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(status === undefined ? {} : { statuses: status.split(',') as MachineStatus[] }),
    ...(state === undefined ? {} : { state }),
    ...(tag === undefined ? {} : { tag: { key, value } }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(idPrefix === undefined ? {} : { idPrefix }),
    ...(failure === undefined ? {} : { failure }),
  };
}
