import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { AUDIT_PHASES, type AuditEntry, type AuditPage, type AuditPhase, type AuditWho } from '@stile/machine';
import type { Facts } from './pick';

@ApiSchema({ name: 'AuditWho' })
export class AuditWhoDto implements AuditWho {
  @ApiProperty({ example: 'ada', description: 'Of the key or the user; `anonymous` where nobody is asked who he is' })
  name!: string;

  @ApiProperty({ example: 'operator' })
  role!: string;

  @ApiProperty({ example: 'key', description: 'How that is known: key, token, session, open (nobody was asked), command' })
  via!: string;

  @ApiPropertyOptional({ example: 'stile_a2b3c4d5e6f7', description: 'What his key begins with' })
  key?: string;

  @ApiPropertyOptional({ example: 'acme' })
  tenant?: string;

  @ApiPropertyOptional({ example: '10.0.0.7', description: 'Where the connection came from' })
  address?: string;
}

const FACTS = { type: 'object', additionalProperties: true } as const;

@ApiSchema({ name: 'AuditEntry' })
export class AuditEntryDto implements AuditEntry {
  @ApiProperty({ example: '1764412345678-0', description: 'Its place in the log' })
  entry!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ description: 'The same for all entries of one act' })
  id!: string;

  @ApiProperty({
    enum: AUDIT_PHASES,
    description:
      '`asked`: before anything was done · `done` · `refused`: nothing was changed · `failed`: it may have been done or not. ' +
      '`asked` alone, too: the process died in between',
  })
  phase!: AuditPhase;

  @ApiProperty({ example: 'cancel' })
  act!: string;

  @ApiProperty({ example: 'machine acme.order-17' })
  on!: string;

  @ApiProperty({ type: AuditWhoDto })
  who!: AuditWhoDto;

  @ApiPropertyOptional({
    ...FACTS,
    description: 'What was asked: names and reasons, no payloads',
    example: { mode: 'now', why: 'twice' },
  })
  details?: Facts;

  @ApiPropertyOptional({
    ...FACTS,
    description: 'As it was just before',
    example: { status: 'waiting', state: 'charge', revision: '3.0.1' },
  })
  before?: Facts;

  @ApiPropertyOptional({ ...FACTS, description: 'As it was then' })
  after?: Facts;

  @ApiPropertyOptional({ description: 'Why it was refused or has failed', example: 'STEERING_REFUSED' })
  code?: string;
}

@ApiSchema({ name: 'AuditPage' })
export class AuditPageDto implements AuditPage {
  @ApiProperty({ type: [AuditEntryDto], description: 'May be fewer than asked for, even none, with more to come' })
  items!: readonly AuditEntryDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: '`after` of the next page; null at the end of the log as it is now',
  })
  next!: string | null;
}
