import { StructuredLogger } from './structured-logger';

function stage() {
  const lines: unknown[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push([level, message, fields]);
  const sink = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  return { lines, logger: new StructuredLogger(sink) };
}

describe('StructuredLogger', () => {
  it('gives texts with who says them, and fields as they are', () => {
    const { lines, logger } = stage();
    logger.log('ready', 'Worker');
    logger.warn({ message: 'step', fence: 3 }, 'Stile');
    logger.debug('bare');
    logger.verbose(7, 'Stile');
    expect(lines).toEqual([
      ['info', 'ready', { context: 'Worker' }],
      ['warn', 'step', { context: 'Stile', fence: 3 }],
      ['debug', 'bare', {}],
      ['debug', '7', { context: 'Stile' }],
    ]);
  });

  it('keeps the stack of an error, however it comes', () => {
    const { lines, logger } = stage();
    const error = new Error('no');
    logger.error('no', 'Error: no\n  at x', 'Handler');
    logger.fatal(error, 'Boot');
    expect(lines).toEqual([
      ['error', 'no', { context: 'Handler', stack: 'Error: no\n  at x' }],
      ['error', 'no', { context: 'Boot', stack: error.stack }],
    ]);
  });

  it('lowers what Nest says of its own start, as the text logger does', () => {
    const { lines, logger } = stage();
    logger.log('AppModule dependencies initialized', 'InstanceLoader');
    expect(lines).toEqual([['debug', 'AppModule dependencies initialized', { context: 'InstanceLoader' }]]);
  });
});
