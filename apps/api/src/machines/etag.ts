import type { MachineView } from '@stile/machine';
import type { Response } from 'express';
import { fault } from '../http/fault';
import { ApiProblem } from '../problems/api-problem';
import { machineDto, type MachineDto } from './machine.dto';

const STRONG_ETAG = /^"([^"]{1,200})"$/;

/** A machine as the answer, its revision as the ETag. */
export function answerMachine(response: Response, view: MachineView): MachineDto {
  response.setHeader('ETag', `"${view.revision}"`);
  // The revision orders edits; a job taken or an event that came does not change it. So nobody is told "not modified" because of it.
  delete response.req.headers['if-none-match'];
  return machineDto(view);
}

/** The revision of an If-Match header. @throws ApiProblem PRECONDITION_REQUIRED, VALIDATION_FAILED */
export function revisionOf(ifMatch: string | undefined): string {
  if (ifMatch === undefined || ifMatch.trim() === '') {
    throw new ApiProblem('PRECONDITION_REQUIRED', 'If-Match is missing; give the ETag that GET /v1/machines/:id answered with');
  }
  const revision = STRONG_ETAG.exec(ifMatch.trim())?.[1];
  if (revision !== undefined) return revision;
  throw ApiProblem.invalid([
    { field: 'If-Match', problem: fault(ifMatch, 'the one ETag that GET /v1/machines/:id answered with, quotes included') },
  ]);
}
