import { Body, Controller, Headers, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { MachineSteering, REDACTED, type Json } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { clip, kindFault } from '../http/fault';
import { MERGE_PATCH_TYPE } from '../http/media-type';
import { findReservedKey } from '../http/plain-data';
import { answerMachine, revisionOf } from '../machines/etag';
import { machineIdPipe } from '../machines/machine-id';
import { MachineDto } from '../machines/machine.dto';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { Redaction } from '../redaction/redaction';
import { ActDto } from './act.dto';

/** Nothing but an object leaves an object behind, which a context is. @throws ApiProblem VALIDATION_FAILED */
function mergePatch(body: unknown): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw ApiProblem.invalid([{ field: '', problem: kindFault(body, 'a JSON object, the merge patch') }]);
  }
  const reserved = findReservedKey(body, '$');
  if (reserved === undefined) return body as Json;
  throw ApiProblem.invalid([{ field: '', problem: `has a key named __proto__, which is not allowed: ${clip(reserved)}` }]);
}

@ApiTags('steering')
@Needs('operator')
@Scoped('machine')
@Controller('v1/machines/:id/context')
export class ContextController {
  constructor(
    private readonly steering: MachineSteering,
    private readonly redaction: Redaction,
  ) {}

  @Patch()
  @ApiOperation({ summary: 'Change the context of a paused or failed machine' })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'The ETag that the machine was read with: when it has changed since, nothing is done',
  })
  @ApiConsumes(MERGE_PATCH_TYPE, 'application/json')
  @ApiBody({
    description: 'JSON merge patch (RFC 7396): null removes a key',
    required: true,
    schema: { type: 'object', additionalProperties: true },
  })
  @ApiResponse({ status: 200, type: MachineDto, description: 'The machine as it is then' })
  @ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'MACHINE_NOT_FOUND', 'PRECONDITION_REQUIRED', 'UNSUPPORTED_MEDIA_TYPE')
  @ApiProblems('KEY_MISSING', 'DATA_DESTROYED', 'DATA_DAMAGED')
  @ApiProblems('REVISION_CHANGED', 'STEERING_REFUSED', 'MACHINE_QUARANTINED')
  @ApiProblems('CONTENT_TOO_LARGE', 'CONTEXT_TOO_LARGE', 'INVALID_ACT', 'CONTEXT_NOT_JSON', 'STORE_UNAVAILABLE', 'INTERNAL')
  async edit(
    @Param('id', machineIdPipe) id: string,
    @Query(dtoPipe(ActDto)) act: ActDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MachineDto> {
    const revision = revisionOf(ifMatch);
    if (this.redaction.holdsHidden(body)) {
      const problem = `holds ${REDACTED}, which stands for what is not shown: leave those fields out, and write arrays that hold one whole`;
      throw ApiProblem.invalid([{ field: '', problem }]);
    }
    return answerMachine(response, await this.steering.edit(id, mergePatch(body), revision, act));
  }
}
