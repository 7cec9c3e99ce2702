import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { StileMetrics } from './stile-metrics';

@ApiTags('metrics')
@Needs('viewer')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: StileMetrics) {}

  @Get()
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiResponse({
    status: 200,
    description: "Prometheus' text format",
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  async text(@Res() response: Response): Promise<void> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }
}
