import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { BULK_ACTS, type BulkAct, type Json } from '@stile/machine';
import { ANY_JSON } from '../http/any-json';
import { kindFault } from '../http/fault';
import { Checked, Fits } from '../http/field-check';
import { Optional } from '../http/optional.decorator';
import { IsJson, IsName, IsOneOf, IsText, MAX_NAME } from '../http/validators';
import { ActDto, CancelDto, MAX_BY } from '../steering/act.dto';
import { FilterDto, IsFilter, TagDto } from './filter.dto';

export const OPERATION_ID = /^[A-Za-z0-9_.-]{1,100}$/;
export const OPERATION_ID_WANTED = '1 to 100 characters of A-Z a-z 0-9 _ . -';
const MAX_TAG = 128;

const ID = {
  description: 'Names the operation: the same request again is the same operation. A new UUID when left out',
  pattern: OPERATION_ID.source,
};

function IsOperationId(): PropertyDecorator {
  return Fits(OPERATION_ID_WANTED, (value) => typeof value === 'string' && OPERATION_ID.test(value));
}

function IsTag(): PropertyDecorator {
  return Checked((value) => {
    const wanted = `an object of key and value, texts of up to ${MAX_TAG} characters`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return kindFault(value, wanted);
    const { key, value: text, ...more } = value as Record<string, unknown>;
    const fits = (item: unknown): boolean => typeof item === 'string' && item.length <= MAX_TAG;
    return fits(key) && key !== '' && fits(text) && Object.keys(more).length === 0 ? undefined : `cannot be used; give ${wanted}`;
  });
}

@ApiSchema({ name: 'SendToMany' })
export class SendToManyDto {
  @ApiPropertyOptional({
    description: 'To all machines of this name. Either this or `tag`',
    example: 'order',
    maxLength: MAX_NAME,
  })
  @Optional()
  @IsName('the name of a published machine')
  machine?: string;

  @ApiPropertyOptional({ type: TagDto, description: 'To all machines with this tag' })
  @Optional()
  @IsTag()
  tag?: TagDto;

  @ApiProperty({ description: 'One that a state of the machines has', example: 'remind', maxLength: MAX_NAME })
  @IsName('the name of an event of the machines')
  event!: string;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'Any JSON, up to 256 KB' })
  @Optional()
  @IsJson()
  data?: Json;

  @ApiPropertyOptional({ description: 'Who does it', maxLength: MAX_BY })
  @Optional()
  @IsText(0, MAX_BY)
  by?: string;

  @ApiPropertyOptional(ID)
  @Optional()
  @IsOperationId()
  operationId?: string;
}

@ApiSchema({ name: 'ActOnMany' })
export class ActOnManyDto extends CancelDto {
  @ApiProperty({ enum: BULK_ACTS, description: 'What is done to each machine that matches. `mode` is for `cancel`' })
  @IsOneOf(BULK_ACTS)
  act!: BulkAct;

  @ApiProperty({
    type: FilterDto,
    description: 'Whom it is for: all conditions must hold. Only machines that were started before',
  })
  @IsFilter()
  filter!: FilterDto;

  @ApiPropertyOptional(ID)
  @Optional()
  @IsOperationId()
  operationId?: string;
}

@ApiSchema({ name: 'Redrive' })
export class RedriveDto extends ActDto {
  @ApiPropertyOptional({
    oneOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', enum: ['all'] },
    ],
    default: 'all',
    description: 'Machines to retry',
  })
  @Optional()
  @Fits('a whole number from 1, or "all"', (value) => value === 'all' || (Number.isSafeInteger(value) && Number(value) >= 1))
  count?: number | 'all';

  @ApiPropertyOptional(ID)
  @Optional()
  @IsOperationId()
  operationId?: string;
}

@ApiSchema({ name: 'OperationStarted' })
export class OperationStartedDto {
  @ApiProperty()
  operationId!: string;
}
