import { loadTracer, TelemetryUnfitError } from './load-tracer';

jest.mock('@opentelemetry/api', () => {
  throw Object.assign(new Error("Cannot find module '@opentelemetry/api'"), { code: 'MODULE_NOT_FOUND' });
});

it('says what to install where the package is missing', () => {
  expect(loadTracer).toThrow(TelemetryUnfitError);
  expect(loadTracer).toThrow('which is not installed: npm install @opentelemetry/api');
});
