import { Link } from 'wouter';
import { Time } from '../../../design/parts';
import { sessionHref } from '../../../format/links';
import { labelOf, type OperationNode } from '../model/tree';
import { type OperationFacts } from '../questions';

const FACTS: readonly (readonly [string, (facts: OperationFacts) => string])[] = [
  ['Model', ({ response_model: model, request_model: asked }) => (model !== '' && asked !== '' && model !== asked ? `${model}, asked for ${asked}` : model || asked)],
  ['Provider', ({ provider }) => provider],
  ['Tool', ({ tool_name: tool }) => tool],
  ['Agent', ({ agent_name: agent }) => agent],
  ['Attempt', ({ attempt }) => (attempt === null ? '' : String(attempt))],
  ['Prompt', ({ prompt_name: name, prompt_version: version }) => (name && version ? `${name}@${version}` : name)],
  ['Finished by', ({ finish_reasons: reasons }) => reasons.join(', ')],
  ['First token after', ({ time_to_first_token_ms: ms }) => (ms === null ? '' : `${ms} ms`)],
  ['Score', ({ score_name: name, score_label: label, score_value: value }) => [name, label, value].filter((one) => one !== '' && one !== null).join(' ')],
  ['Severity', ({ severity }) => severity],
  ['Flags', ({ feature_flags: flags }) => Object.entries(flags).map(([name, value]) => `${name}=${value}`).join(', ')],
  ['Service', ({ service_name: service, service_version: version }) => `${service} ${version}`.trim()],
  ['Release', ({ release }) => release],
  ['Region', ({ region }) => region],
  ['Environment', ({ deployment_environment: environment }) => environment],
  ['Instance', ({ instance }) => instance],
  ['User', ({ user_id: user }) => user],
  ['Level of detail', ({ verbosity_level: level, directive_ids: directives }) => (directives.length > 0 ? `${level}, by ${directives.join(', ')}` : level)],
  ['Price', ({ price_version: price }) => price],
  ['Tool call', ({ tool_call_id: call }) => call],
  ['Operation', ({ id }) => id],
  ['Span', ({ span_id: span }) => span],
]; // prettier-ignore

interface FactsProps {
  readonly facts: OperationFacts | undefined;
  readonly caller: OperationNode | null;
  readonly requester: OperationNode | null;
  readonly choose: (id: string) => void;
}

export function Facts({ facts, caller, requester, choose }: FactsProps) {
  const known = facts ? FACTS.map(([name, of]) => [name, of(facts)] as const).filter(([, value]) => value !== '') : [];
  return (
    <dl className="facts">
      {caller && <Other name="Called by" node={caller} choose={choose} />}
      {requester && requester !== caller && <Other name="Asked for by" node={requester} choose={choose} />}
      {known.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
      {facts && (
        <>
          <dt>Started</dt>
          <dd>
            <Time at={facts.ts} by="clock" />
          </dd>
        </>
      )}
      {facts && facts.session_id !== '' && (
        <>
          <dt>Session</dt>
          <dd>
            <Link href={sessionHref(facts.session_id)}>{facts.session_id}</Link>
          </dd>
        </>
      )}
    </dl>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

const Other = ({ name, node, choose }: { readonly name: string; readonly node: OperationNode; readonly choose: (id: string) => void }) => (
  <>
    <dt>{name}</dt>
    <dd>
      <button type="button" className="more" onClick={() => choose(node.id)}>
        {labelOf(node.operation)}
      </button>
    </dd>
  </>
); // prettier-ignore
