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
  },
  fields: {
    agentName: ['agent_name', 'lk.agent_name', 'recipient_agent_class', 'beeai.agent.name'],
    requestModel: ['model_name'],
    inputMessages: [
      ['pydantic_ai.all_messages', 'any'],
      ['all_messages_events', 'any'],
      ['events', 'any'],
      ['gcp.vertex.agent.llm_request', 'any'],
      ['lk.chat_ctx', 'any'],
    ],
    outputMessages: [['gcp.vertex.agent.llm_response', 'any']],
    input: [
      ['mlflow.spanInputs', 'any'],
      ['genkit:input', 'any'],
      ['lk.user_input', 'any'],
      ['input', 'any'],
    ],
    output: [
      ['final_result', 'any'],
      ['mlflow.spanOutputs', 'any'],
      ['genkit:output', 'any'],
      ['lk.response.text', 'any'],
      ['output', 'any'],
    ],
    toolDefinitions: [['model_request_parameters', 'any']],
    toolName: ['lk.function_tool.name'],
    toolCallId: ['lk.function_tool.id'],
    toolArguments: [
      ['tool_arguments', 'any'],
      ['gcp.vertex.agent.tool_call_args', 'any'],
      ['lk.function_tool.arguments', 'any'],
    ],
    toolResult: [
      ['tool_response', 'any'],
      ['gcp.vertex.agent.tool_response', 'any'],
      ['lk.function_tool.output', 'any'],
    ],
    sessionId: ['gcp.vertex.agent.session_id', 'thread_id', 'lk.job_id'],
    reportedCost: [['operation.cost', 'amount']],
  },
};
