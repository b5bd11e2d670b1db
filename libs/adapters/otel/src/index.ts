export { createOtlpTracer, type OtlpTracer, type OtlpTracerOptions } from './otlp-tracer';
