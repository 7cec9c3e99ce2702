import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ACCESS_ROLES, type AccessRole } from '@stile/machine';
import { IsText } from '../http/validators';
import type { Caller } from './caller';

const MAX_KEY = 200;
const VIA = ['key', 'token', 'session', 'open'] as const;

@ApiSchema({ name: 'SignIn' })
export class SignInDto {
  @ApiProperty({ description: 'An API key', example: 'stile_…', maxLength: MAX_KEY })
  @IsText(1, MAX_KEY)
  key!: string;
}

@ApiSchema({ name: 'Caller' })
export class CallerDto implements Caller {
  @ApiProperty({ example: 'ada@example.com' })
  name!: string;

  @ApiProperty({ enum: ACCESS_ROLES })
  role!: AccessRole;

  @ApiPropertyOptional({ description: 'Only machines of this tenant exist for this caller' })
  tenant?: string;

  @ApiPropertyOptional({ type: [String], description: 'Only machines of these definitions exist for this caller' })
  definitions?: readonly string[];

  @ApiProperty({ enum: VIA, description: '`open`: nobody is asked who they are' })
  via!: (typeof VIA)[number];

  @ApiPropertyOptional({ example: 'stile_a2b3c4d5e6f7', description: 'What the key begins with' })
  key?: string;
}

@ApiSchema({ name: 'WaysIn' })
export class WaysInDto {
  @ApiProperty({ description: 'With an API key' })
  key!: boolean;

  @ApiProperty({ description: 'With the issuer of tokens: /v1/session/oidc' })
  oidc!: boolean;
}

@ApiSchema({ name: 'Session' })
export class SessionDto {
  @ApiProperty({ type: CallerDto, nullable: true, description: 'Null for nobody' })
  caller!: CallerDto | null;

  @ApiProperty({ type: WaysInDto, description: 'How a person can sign in' })
  signIn!: WaysInDto;
}
