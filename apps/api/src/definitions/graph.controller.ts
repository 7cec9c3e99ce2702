import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Machines } from '@stile/machine';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { CallerScope, Scope } from '../access/scope';
import { Scoped } from '../access/scoped';
import { dtoPipe } from '../http/dto.pipe';
import { ApiProblems } from '../problems/api-problems.decorator';
import { Drawings } from './drawings';
import { findDefinition } from './find-definition';
import { GraphQueryDto } from './graph.dto';

const TEXT = { schema: { type: 'string' } };
const OBJECT = { schema: { type: 'object' } };

@ApiTags('definitions')
@Needs('viewer', 'starter')
@Scoped('itself')
@Controller('v1/definitions')
export class GraphController {
  constructor(
    private readonly machines: Machines,
    private readonly drawings: Drawings,
  ) {}

  @Get(':name/graph')
  @ApiOperation({ summary: 'A definition drawn, or in the format of another tool' })
  @ApiResponse({
    status: 200,
    description: 'The ETag changes with the definition; If-None-Match is answered with 304',
    content: { 'image/svg+xml': TEXT, 'text/vnd.graphviz': TEXT, 'text/plain': TEXT, 'application/json': OBJECT },
  })
  @ApiProblems('VALIDATION_FAILED', 'DEFINITION_NOT_FOUND', 'FORMAT_UNUSABLE', 'STORE_UNAVAILABLE', 'INTERNAL')
  async graph(
    @Param('name') name: string,
    @Query(dtoPipe(GraphQueryDto)) { version, format = 'svg' }: GraphQueryDto,
    @CallerScope() scope: Scope,
    @Res() response: Response,
  ): Promise<void> {
    const { definition } = await findDefinition(this.machines, name, version, scope);
    const { text, contentType, digest } = await this.drawings.of(definition, format);
    response.setHeader('Content-Type', contentType);
    response.setHeader('ETag', `"${digest}"`);
    response.setHeader('Cache-Control', 'private, no-cache'); // may be kept, but not used without asking: definitions change
    // Opened on its own an SVG is a document: it may load and run nothing at all.
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    response.send(text); // answers 304 where If-None-Match names the ETag
  }
}
