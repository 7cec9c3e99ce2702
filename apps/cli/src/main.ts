#!/usr/bin/env node
import { makeProgram } from './program';
import { reportError } from './report-error';

// Whoever reads has had enough, as in `stile list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

makeProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exit(reportError(error, process.argv.includes('--json')));
  });
