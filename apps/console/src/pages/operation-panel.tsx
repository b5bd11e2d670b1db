import { type Operation } from '@telltale/api-client';
import { Kind, Outcome, Time } from '../design/parts';
import { countOf, durationOf, moneyOf, numberOf } from '../format/numbers';
import { messagesIn } from './messages';
import { Chat, Json } from './content';

const FACTS = [
  ['Model', ({ response_model: model, request_model: asked }) => model || asked],
  ['Provider', ({ provider }) => provider],
  ['Tool', ({ tool_name: tool }) => tool],
  ['Agent', ({ agent_name: agent }) => agent],
  ['Prompt', ({ prompt_name: name, prompt_version: version }) => (name && version ? `${name}@${version}` : name)],
  ['Finish', ({ finish_reasons: reasons }) => reasons.join(', ')],
  ['Region', ({ region }) => region],
  ['Version', ({ service_version: version }) => version],
] as const satisfies readonly (readonly [string, (operation: Operation) => string])[];

function tokensOf(operation: Operation): string {
  const input =
    numberOf(operation.usage_input_uncached) + numberOf(operation.usage_cache_read) + numberOf(operation.usage_cache_write);
  const output = numberOf(operation.usage_output) + numberOf(operation.usage_reasoning);
  if (input + output === 0) return '';
  const cached = operation.usage_cache_read ? `, ${countOf(operation.usage_cache_read)} of them cached` : '';
  return `${countOf(input)} in${cached}, ${countOf(output)} out${operation.usage_estimated ? ' (estimated)' : ''}`;
}

/** What is known of one operation. Its content comes from people and models: it is shown as text, always. */
export function OperationPanel({ operation }: { readonly operation: Operation }) {
  const facts = FACTS.map(([name, of]) => [name, of(operation)] as const).filter(([, value]) => value !== '');
  const [tokens, input, output] = [tokensOf(operation), messagesIn(operation.input), messagesIn(operation.output)];
  return (
    <section className="card operation" aria-label="Chosen operation">
      <h2>
        <Kind of={operation.kind} /> {operation.name}
      </h2>
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <Outcome of={operation.status} />
        </dd>
        <dt>Started</dt>
        <dd>
          <Time at={operation.ts} by="clock" />
        </dd>
        <dt>Took</dt>
        <dd>{durationOf(operation.duration_ms)}</dd>
        {operation.cost_nano_usd !== null && (
          <>
            <dt>Cost</dt>
            <dd>{moneyOf(operation.cost_nano_usd)}</dd>
          </>
        )}
        {tokens !== '' && (
          <>
            <dt>Tokens</dt>
            <dd>{tokens}</dd>
          </>
        )}
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {operation.error_message !== '' && (
        <div className="failure" role="note">
          <strong>{operation.error_type || 'Error'}</strong>
          <span>{operation.error_message}</span>
        </div>
      )}
      {operation.decision_chosen !== '' && (
        <p>
          Chose <strong>{operation.decision_chosen}</strong>
          {operation.decision_options.length > 0 && <span className="quiet"> of {operation.decision_options.join(', ')}</span>}
          {operation.decision_reason !== '' && <>: {operation.decision_reason}</>}
        </p>
      )}
      {operation.tool_arguments !== '' && <Json title="Arguments" text={operation.tool_arguments} />}
      {operation.tool_result !== '' && <Json title="Result" text={operation.tool_result} />}
      {input.length > 0 && <Chat title="In" messages={input} />}
      {output.length > 0 && <Chat title="Out" messages={output} />}
      {operation.body !== '' && <Json title="Log line" text={operation.body} />}
    </section>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);
