import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Copy } from '../../design/copy';
import { Section } from '../../design/page';
import { Outcome, TableFrame, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { hrefOf, incidentHref } from '../../format/links';
import { countOf, durationOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { boughtText, bytesOf, limitsText, setText, speedText, targetText } from './directive-words';
import { type Directive, type Effect, effectKey, useEffectOf } from './questions';

interface EffectOfProps {
  readonly id: string;
  readonly directive: Directive | undefined;
  readonly onClose: () => void;
}

/** What one directive brought: in a sentence, then in numbers beside the time before, then by who applied it. */
export function EffectOf({ id, directive, onClose }: EffectOfProps) {
  const effect = useEffectOf(id);
  return (
    <Section
      title="What it brought"
      beside={
        <span className="verbosity-actions">
          <Copy text={id} name="Copy id" />
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </span>
      }
    >
      <Asked of={effect} queryKey={effectKey(id)} height={280}>
        {(data) => (
          <>
            {directive && <Facts directive={directive} data={data} />}
            <p className="verbosity-sentence">{boughtText(data, directive?.class !== 'restrict')}</p>
            <Beside data={data} />
            <Evidence evidence={data.evidence} />
            <Instances instances={data.instances} />
          </>
        )}
      </Asked>
    </Section>
  );
}

const Facts = ({ directive, data }: { readonly directive: Directive; readonly data: Effect }) => (
  <dl className="verbosity-facts">
    <div><dt>Of</dt><dd>{targetText(directive.target)}</dd></div>
    <div><dt>Sets</dt><dd>{setText(directive.set)}{limitsText(directive.limits) !== '' && `; each SDK instance adds at most ${limitsText(directive.limits)}`}</dd></div>
    <div><dt>Why</dt><dd>{directive.reason}</dd></div>
    <div><dt>By</dt><dd>{directive.issued_by}, <Time at={data.since} by="clock" /></dd></div>
    <div><dt>{data.is_over ? 'Held for' : 'Holds for'}</dt><dd>{durationOf(timeOf(data.until) - timeOf(data.since))}{data.is_over ? '' : ' so far; ends '}{!data.is_over && <Time at={directive.expires_at} />}</dd></div>
  </dl>
); // prettier-ignore

type Counts = NonNullable<Effect['scope']>['before'];
const ROWS: readonly (readonly [keyof Counts, string])[] = [
  ['events', 'Stored events'],
  ['turns', 'Turns'],
  ['logs', 'Log lines'],
  ['detailed_logs', 'Log lines of debug and trace'],
  ['with_content', 'Operations with content'],
  ['failed', 'Failed'],
];

/** What was stored of the target, in as long a time before and with it, and what names the directive. */
function Beside({ data: { because, scope, since, until } }: { readonly data: Effect }) {
  const isWhole = scope !== null && timeOf(until) - timeOf(since) <= 1_000 * (scope.seconds + 1);
  const wider = scope?.wider_than_target ?? [];
  return (
    <>
      <TableFrame label="Stored before and with it">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Stored</th>
              {scope && <th scope="col" className="number">Of its target, before</th>}
              {scope && <th scope="col" className="number">Of its target, with it</th>}
              <th scope="col" className="number">Because of it</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([field, name]) => (
              <tr key={field}>
                <th scope="row">{name}</th>
                {scope && <td className="number">{countOf(scope.before[field])}</td>}
                {scope && <td className="number">{countOf(scope.during[field])}</td>}
                <td className="number">{countOf(because[field])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className="quiet">
        {scope ? `Before and with it are ${durationOf(1_000 * scope.seconds)} each${isWhole ? '' : ', of the time that it held the first'}. Log lines written inside of an operation are stored without its tool and model: those count in the last column only.` : 'Its target cannot be read, so nothing can be counted beside it.'}
        {wider.length > 0 && ` Stored events do not have the ${wider.join(' and ')} of its target, so more than that is counted.`}
      </p>
    </>
  );
} // prettier-ignore

/** An anomaly is shown by the incident that it belongs to, or in the list of its kind. */
const evidenceHref = ({ id, kind }: Effect['evidence'][number]): string =>
  kind === 'incident' ? incidentHref(id) : hrefOf('/detection', { tab: 'anomalies', since: '30d', anomaly: id });

const Evidence = ({ evidence }: Pick<Effect, 'evidence'>) =>
  evidence.length === 0 ? null : (
    <ul className="verbosity-evidence">
      {evidence.map((one) => (
        <li key={one.id}>
          <Outcome of={one.state} /> {one.use === 'rests_on' ? 'Raised for' : 'There for'} the {one.kind}{' '}
          <Link href={evidenceHref(one)}>{one.title || one.id}</Link> <span className="quiet"><Time at={one.at} /></span>
        </li>
      ))}
    </ul>
  ); // prettier-ignore

type Instance = Effect['instances'][number];
const INSTANCES: readonly TableColumn<Instance>[] = [
  { id: 'instance', name: 'SDK instance', width: 'minmax(160px, 2fr)', cell: ({ instance }) => instance, sortBy: ({ instance }) => instance },
  { id: 'sdk', name: 'SDK', width: 'minmax(130px, 1fr)', cell: ({ sdk }) => sdk },
  { id: 'service', name: 'Service', width: 'minmax(100px, 1fr)', cell: ({ service_name: of }) => of },
  { id: 'after', name: 'Applied after', isNumber: true, width: '120px', cell: ({ applied_after_ms: ms }) => (ms === null ? 'not yet' : speedText(ms)), sortBy: ({ applied_after_ms: ms }) => ms },
  { id: 'hits', name: 'Records', isNumber: true, width: '90px', cell: ({ hits }) => countOf(hits), sortBy: ({ hits }) => hits },
  { id: 'drops', name: 'Dropped', isNumber: true, width: '90px', cell: ({ drops }) => countOf(drops), sortBy: ({ drops }) => drops },
  { id: 'bytes', name: 'Sent', isNumber: true, width: '90px', cell: ({ bytes }) => bytesOf(bytes), sortBy: ({ bytes }) => bytes },
  { id: 'last', name: 'Last heard', width: '130px', cell: ({ last_at: at }) => <Time at={at} /> },
]; // prettier-ignore

const MOST_INSTANCES = 200;
const Instances = ({ instances }: Pick<Effect, 'instances'>) =>
  instances.length === 0 ? (
    <p className="quiet">No SDK instance has reported anything of it.</p>
  ) : (
    <>
      <DataTable label="SDK instances" rows={instances} columns={INSTANCES} rowId={({ instance }) => instance} maxHeight={280} />
      {instances.length === MOST_INSTANCES && <p className="quiet">The {MOST_INSTANCES} that reported most are shown.</p>}
    </>
  );
