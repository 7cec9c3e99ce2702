import type { PipeTransform } from '@nestjs/common';
import { toDto } from './dto';

/** `@Body(dtoPipe(StartMachineDto)) body: StartMachineDto` */
export function dtoPipe<T extends object>(type: new () => T): PipeTransform<unknown, T> {
  return { transform: (body) => toDto(type, body) };
}

/** As `dtoPipe`, for bodies that may be left out: none at all is the same as `{}`. */
export function optionalDtoPipe<T extends object>(type: new () => T): PipeTransform<unknown, T> {
  return { transform: (body) => toDto(type, body === undefined ? {} : body) };
}
