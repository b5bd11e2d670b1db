import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { useDeploys } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { Choice, TextFilter } from '../../design/fields';
import { Empty } from '../../design/parts';
import { clockOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { useUrlChange } from '../../shell/url';
import { isQuantile, METRIC_NAMES, type MetricName, METRICS, metricsIn, MOST_METRICS } from './compare';
import { CompareResult } from './compare-result';
import { FlowFilters, useFlowFilter } from './flow-filters';
import { type Answer, useCompared } from './questions';

const BY = ['prompt', 'version', 'model', 'service', 'region', 'language', 'intent', 'environment'] as const;
const NAMED = [['flag:', 'a flag'], ['dimension:', 'a dimension of yours']] as const; // prettier-ignore
const MATCHES = [['', 'intent, language and region'], ['intent', 'intent'], ['intent,model', 'intent and model'], ['intent,version', 'intent and version'], ['none', 'nothing']] as const; // prettier-ignore

/** Did it help? Two groups of sessions at the same time, or before and after a change beside a control. */
export function CompareTab() {
  const { chosen, fromTo, range } = useFlowFilter();
  const [params] = useSearchParams();
  const change = useUrlChange();
  const [zone] = useZone();
  const given = (name: string): string => params.get(name) ?? '';
  const by = given('by') || 'prompt';
  const kind = NAMED.find(([prefix]) => by.startsWith(prefix))?.[0];
  const isWhole = kind === undefined ? BY.some((one) => one === by) : by.length > kind.length;
  const isChange = given('mode') === 'change';
  const [a, b, after] = [given('a'), given('b'), given('after')];
  const metrics = metricsIn(given('metrics')).filter((name) => !isChange || !isQuantile(name));
  const marks = useDeploys(range, chosen.service);
  const match = given('match');
  const isReady = isWhole && (!isChange || after !== '');
  const compared = useCompared(
    { by, metric: metrics.join(','), ...fromTo, ...chosen, ...(a ? { a } : {}), ...(b ? { b } : {}), ...(isChange ? { after, ...(match ? { match } : {}) } : {}) },
    isReady,
  );
  const toggle = (name: MetricName, isOn: boolean): void => change({ metrics: METRIC_NAMES.filter((one) => (one === name ? isOn : metrics.includes(one))).join(',') });
  const values = compared.of.data?.values ?? [];
  const sideOptions = (none: string, own: string) => [['', none] as const, ...[...new Set([...(own === '' ? [] : [own]), ...values.map(({ value }) => value)])].map((value) => [value, value || '(none)'] as const)];
  /** Compares the service that was deployed with the others, where no groups are chosen. */
  function chooseDeploy(moment: string): void {
    const service = marks.find(({ at }) => new Date(at).toISOString() === moment)?.service ?? '';
    change({ after: moment, ...(b === '' && service !== '' && { by: 'service', a: '', b: service }) });
  }
  const moments = [...new Set(marks.map(({ at }) => new Date(at).toISOString()))];
  return (
    <>
      <div className="filters">
        <FlowFilters />
      </div>
      <div className="filters">
        <Choice label="Compare" value={isChange ? 'change' : ''} options={[['', 'two groups at the same time'], ['change', 'before and after a change']]} onChange={(mode) => change({ mode })} />
        <Choice label="Groups by" value={kind ?? by} options={[...BY.map((one) => [one, one] as const), ...NAMED]} onChange={(value) => change({ by: value, a: '', b: '' })} />
        {kind !== undefined && <TextFilter key={by} label="Its name" value={by.slice(kind.length)} placeholder="new_prompt" onChange={(name) => change({ by: `${kind}${name}`, a: '', b: '' })} />}
        <Choice label={isChange ? 'Control' : 'Group A'} value={a} options={sideOptions(isChange ? 'all others' : 'the one that was first', a)} onChange={(value) => change({ a: value })} />
        <Choice label={isChange ? 'What was changed' : 'Group B'} value={b} options={sideOptions('the other frequent one', b)} onChange={(value) => change({ b: value })} />
        {isChange && (
          <>
            <Choice label="Changed at" value={moments.includes(after) ? after : ''} options={[['', moments.length > 0 ? 'choose a deploy' : 'no deploy in this time'], ...marks.map(({ at, text }) => [new Date(at).toISOString(), `${text} at ${clockOf(at, zone).slice(0, 16)}`] as const)]} onChange={chooseDeploy} />
            <TextFilter key={after} label="or at" value={after} placeholder="2026-11-23T09:00:00Z or 3d" onChange={(value) => change({ after: value })} />
            <Choice label="Matched by" value={match} options={MATCHES} onChange={(value) => change({ match: value })} />
          </>
        )}
      </div>
      <fieldset className="compare-metrics">
        <legend>Metrics, judged together (at most {MOST_METRICS})</legend>
        {METRIC_NAMES.map((name) => {
          const isOn = metrics.includes(name);
          const why = isChange && isQuantile(name) ? 'Quantiles are not compared before and after a change' : !isOn && metrics.length >= MOST_METRICS ? 'Ten are chosen' : undefined;
          return (
            <label key={name} title={why}>
              <input type="checkbox" checked={isOn} disabled={why !== undefined || (isOn && metrics.length === 1)} onChange={({ target }) => toggle(name, target.checked)} /> {METRICS[name]}
            </label>
          );
        })}
      </fieldset>
      {isReady ? (
        <Asked {...compared} height={480}>{(data) => <Compared data={data} isChange={isChange} />}</Asked>
      ) : isWhole ? (
        <Empty title="When was it changed?"><p className="quiet">Choose a deploy, or type a moment inside of the time above. What was changed is compared with the rest, before it and after it.</p></Empty>
      ) : (
        <Empty title="Which one?"><p className="quiet">Type the name of the {kind === 'flag:' ? 'flag' : 'dimension'}, as events have it. No experiment has to be set up.</p></Empty>
      )}
    </>
  );
} // prettier-ignore

function Compared({ data, isChange }: { readonly data: Answer<'compare'>; readonly isChange: boolean }) {
  const sides = useMemo(() => data.values.map(({ value, sessions }) => `${value || '(none)'} (${Math.round(sessions)} sessions)`).join(', '), [data]);
  if (data.metrics.length === 0)
    return (
      <Empty title="There are not two groups to compare">
        <p className="quiet">{data.notes.join('. ')}</p>
        <p className="quiet">{sides === '' ? 'No session of this time has a value.' : `There is: ${sides}.`} Choose a longer time, take out a filter, or group by something else.</p>
      </Empty>
    );
  return <CompareResult data={data} isChange={isChange} />;
} // prettier-ignore
