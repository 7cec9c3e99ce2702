import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Needs } from '../access/needs';
import { ApiProblem } from '../problems/api-problem';
import { PageFiles } from './page-files';

/** Stricter than for the other pages: nothing inline, nobody else is asked, and it is no part of another page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page for people: everything on it comes from the routes under /v1. */
// What it shows is behind the routes that it asks: without a caller that is the login alone.
@Needs('nobody')
@ApiExcludeController()
@Controller()
export class PageController {
  constructor(private readonly files: PageFiles) {}

  @Get()
  async page(@Res() response: Response): Promise<void> {
    if (!this.files.isBuilt) {
      throw new ApiProblem('PAGE_NOT_BUILT', 'the page has not been built; `npm run build` builds it, and /v1 works without it');
    }
    response.setHeader('Content-Security-Policy', POLICY);
    // It names the assets by their digests: a browser must ask whether it is still the same.
    response.setHeader('Cache-Control', 'no-cache');
    await new Promise<void>((resolve, reject) => {
      response.sendFile(this.files.index, { cacheControl: false }, (error: Error | undefined) => {
        // A browser that went away is nobody's fault.
        if (error && !response.headersSent && !response.closed) reject(error);
        else resolve();
      });
    });
  }
}
