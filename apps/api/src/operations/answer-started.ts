import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { InvalidOperationError } from '@stile/machine';
import type { Response } from 'express';
import { ApiProblem } from '../problems/api-problem';
import { ApiProblems } from '../problems/api-problems.decorator';
import { OperationStartedDto } from './start-operation.dto';

/** Answers with the operation that `begin` has stored. @throws ApiProblem VALIDATION_FAILED, naming fields as the client does */
export async function answerStarted(response: Response, begin: () => Promise<string>): Promise<OperationStartedDto> {
  try {
    const operationId = await begin();
    response.setHeader('Location', `/v1/operations/${operationId}`);
    return { operationId };
  } catch (error) {
    if (!(error instanceof InvalidOperationError)) throw error;
    const field = error.field === 'filter.statuses' ? 'filter.status' : error.field;
    throw ApiProblem.invalid([{ field, problem: error.message.replace(`${error.field} `, '') }]);
  }
}

/** Documents a route that starts an operation. */
export function StartsOperation(): MethodDecorator {
  return applyDecorators(
    HttpCode(202),
    ApiResponse({
      status: 202,
      type: OperationStartedDto,
      description: 'Stored; workers do it',
      headers: { Location: { description: 'Path of the operation', schema: { type: 'string' } } },
    }),
    ApiProblems('MALFORMED_REQUEST', 'VALIDATION_FAILED', 'CONTENT_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'OPERATION_ID_TAKEN'),
    ApiProblems('STORE_UNAVAILABLE', 'INTERNAL'),
  );
}
