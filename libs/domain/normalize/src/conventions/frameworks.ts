import { type Vocabulary } from '../vocabulary';

/** Names that one framework writes beside a convention, for what the convention of its time could not say. */
export const FRAMEWORKS: Vocabulary = {
  name: 'frameworks',
  kinds: {
    // MLflow writes its words as JSON texts.
    'mlflow.spanType': {
      '"llm"': 'llm',
      '"chat_model"': 'llm',
      '"embedding"': 'embedding',
      '"retriever"': 'retrieval',
      '"reranker"': 'rerank',
      '"tool"': 'tool',
      '"agent"': 'agent',
      '"chain"': 'chain',
    },
    'genkit:metadata:subtype': {
      model: 'llm',
      embedder: 'embedding',
      retriever: 'retrieval',
      reranker: 'rerank',
      tool: 'tool',
      'tool.v2': 'tool',
      agent: 'agent',
      flow: 'chain',
    },
    'spring.ai.kind': {
      chat_client: 'agent',
      advisor: 'chain',
      tool_call: 'tool',
      vector_store: 'retrieval',
    },
    'mastra.span.type': {
      model_generation: 'llm',
      llm_generation: 'llm',
      tool_call: 'tool',
      mcp_tool_call: 'tool',
      agent_run: 'agent',
      workflow_run: 'chain',
      workflow_step: 'chain',
    },
  },
  fields: {
    agentName: ['agent_name', 'lk.agent_name', 'recipient_agent_class', 'beeai.agent.name'],
    requestModel: ['model_name', 'logfire.request.model'],
    responseModel: ['logfire.response.model'],
    inputMessages: [
      ['pydantic_ai.all_messages', 'any'],
      ['all_messages_events', 'any'],
      ['events', 'any'],
      ['gcp.vertex.agent.llm_request', 'any'],
      ['lk.chat_ctx', 'any'],
      ['logfire.request.messages', 'any'],
      ['gen_ai.input', 'any'],
    ],
    outputMessages: [
      ['gcp.vertex.agent.llm_response', 'any'],
      ['logfire.response.message', 'any'],
      ['gen_ai.output', 'any'],
    ],
    input: [
      ['mlflow.spanInputs', 'any'],
      ['genkit:input', 'any'],
      ['lk.user_input', 'any'],
      ['haystack.component.input', 'any'],
      ['input', 'any'],
    ],
    output: [
      ['final_result', 'any'],
      ['mlflow.spanOutputs', 'any'],
      ['genkit:output', 'any'],
      ['lk.response.text', 'any'],
      ['haystack.component.output', 'any'],
      ['output', 'any'],
    ],
    toolDefinitions: [['model_request_parameters', 'any']],
    retrievalQuery: [['db.vector.query.content', 'any']],
    documents: [['db.vector.query.response.documents', 'any']],
    toolName: ['lk.function_tool.name', 'spring.ai.tool.definition.name'],
    toolCallId: ['lk.function_tool.id'],
    toolArguments: [
      ['tool_arguments', 'any'],
      ['gcp.vertex.agent.tool_call_args', 'any'],
      ['lk.function_tool.arguments', 'any'],
      ['spring.ai.tool.call.arguments', 'any'],
    ],
    toolResult: [
      ['tool_response', 'any'],
      ['gcp.vertex.agent.tool_response', 'any'],
      ['lk.function_tool.output', 'any'],
      ['spring.ai.tool.call.result', 'any'],
    ],
    sessionId: ['gcp.vertex.agent.session_id', 'thread_id', 'lk.job_id'],
    reportedCost: [['operation.cost', 'amount']],
  },
  // Logfire's instrumentors keep request and answer whole.
  spread: { request_data: 'logfire.request', response_data: 'logfire.response' },
};
