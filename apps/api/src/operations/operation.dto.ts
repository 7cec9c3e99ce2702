import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { OPERATION_STATUSES, type Json, type OperationStatus, type OperationView } from '@stile/machine';
import { ANY_JSON } from '../http/any-json';
import { Checked, Fits } from '../http/field-check';
import { kindFault } from '../http/fault';
import { Optional } from '../http/optional.decorator';
import { IsJson, IsName, IsText, MAX_NAME } from '../http/validators';

export const OPERATION_ID = /^[A-Za-z0-9_.-]{1,100}$/;
export const OPERATION_ID_WANTED = '1 to 100 characters of A-Z a-z 0-9 _ . -';
const MAX_TAG = 128;

@ApiSchema({ name: 'Tag' })
export class TagDto {
  @ApiProperty({ example: 'shop', maxLength: MAX_TAG })
  key!: string;

  @ApiProperty({ example: 'berlin', maxLength: MAX_TAG })
  value!: string;
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

  @ApiPropertyOptional({ description: 'Who does it', maxLength: 128 })
  @Optional()
  @IsText(0, 128)
  by?: string;

  @ApiPropertyOptional({
    description: 'Names the operation: the same request again is the same operation. A new UUID when left out',
    pattern: OPERATION_ID.source,
  })
  @Optional()
  @Fits(OPERATION_ID_WANTED, (value) => typeof value === 'string' && OPERATION_ID.test(value))
  operationId?: string;
}

@ApiSchema({ name: 'OperationStarted' })
export class OperationStartedDto {
  @ApiProperty()
  operationId!: string;
}

@ApiSchema({ name: 'Operation' })
export class OperationDto implements OperationView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ enum: OPERATION_STATUSES })
  status!: OperationStatus;

  @ApiProperty({ type: 'string', nullable: true })
  machine!: string | null;

  @ApiProperty({ type: TagDto, nullable: true })
  tag!: TagDto | null;

  @ApiProperty({ example: 'remind' })
  event!: string;

  @ApiProperty()
  by!: string;

  @ApiProperty({ type: 'integer', description: 'Machines found so far: delivered, ignored, refused and gone together' })
  matched!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that have the event' })
  delivered!: number;

  @ApiProperty({ type: 'integer', description: 'Of those, machines in whose inbox it waited for a later state' })
  kept!: number;

  @ApiProperty({ type: 'integer', description: 'Machines whose state drops this event' })
  ignored!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that do not take it' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Machines that had ended, or were removed' })
  gone!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Of the refused ones, how many by code',
    example: { INBOX_FULL: 2 },
  })
  reasons!: Readonly<Record<string, number>>;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finishedAt!: string | null;
}
