// An agent of one turn, seen by OpenTelemetry's JavaScript SDK. Arguments: protocol (http-json, http-protobuf or grpc), URL of the OTLP
// receiver; its key comes as OTEL_EXPORTER_OTLP_HEADERS.
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');

const [, , protocol, receiver] = process.argv;
const exporters = {
  'http-json': () => require('@opentelemetry/exporter-trace-otlp-http'),
  'http-protobuf': () => require('@opentelemetry/exporter-trace-otlp-proto'),
  grpc: () => require('@opentelemetry/exporter-trace-otlp-grpc'),
};
const { OTLPTraceExporter } = exporters[protocol]();
const exporter = new OTLPTraceExporter(
  protocol === 'grpc'
    ? { url: receiver }
    : { url: `${receiver}/v1/traces`, compression: protocol === 'http-protobuf' ? 'gzip' : 'none' },
);
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': `js-${protocol}` }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
});
provider.register();
const tracer = provider.getTracer('agent');

tracer.startActiveSpan('answer', (turn) => {
  tracer.startActiveSpan('chat gpt-4o-mini', (llm) => {
    llm.setAttributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.conversation.id': `js-${protocol}`,
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.output_tokens': 12,
      'gen_ai.response.finish_reasons': ['tool_calls'],
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'What is the weather in Oslo?' }] },
      ]),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }] },
      ]),
    });
    llm.end();
  });
  tracer.startActiveSpan('execute_tool weather', (tool) => {
    tool.setAttributes({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'weather',
      'gen_ai.tool.call.id': 'call_1',
    });
    tool.recordException(new TypeError('no such city'));
    tool.setStatus({ code: 2, message: 'no such city' });
    tool.end();
  });
  turn.end();
});
void provider.shutdown();
