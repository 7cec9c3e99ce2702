import { ApiProperty } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from './codes';

export class FieldProblemDto {
  @ApiProperty({ description: 'Where, as a path', example: 'items[3].correlationId' })
  field!: string;

  @ApiProperty({ example: 'is "a b"; give 1 to 128 characters of A-Z a-z 0-9 _ . -' })
  problem!: string;
}

/** Problem details of RFC 9457, the body of every answer that is not a success. */
export class ProblemDto {
  @ApiProperty({
    example: 'urn:stile:problem:validation-failed',
    description: 'A name of this kind of problem',
  })
  type!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ example: 400, description: 'The HTTP status' })
  status!: number;

  @ApiProperty({ enum: Object.keys(PROBLEMS), description: 'Stable: match on this' })
  code!: ProblemCode;

  @ApiProperty({ description: 'What is wrong with this request, and the way out' })
  detail!: string;

  @ApiProperty({ example: '/v1/machines', description: 'The path that was asked' })
  instance!: string;

  @ApiProperty({
    type: [FieldProblemDto],
    required: false,
    description: 'With VALIDATION_FAILED, INVALID_START, INVALID_EVENT and INVALID_ACT: the fields at fault, one entry each',
  })
  errors?: readonly FieldProblemDto[];

  @ApiProperty({ type: [String], required: false, description: 'With UNDECLARED_EVENT: the events that the machine has' })
  legal?: readonly string[];
}
