import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { Suggest, TextFilter } from '../../design/fields';
import { RangePicker, useRange } from '../../shell/range';
import { useUrlChange } from '../../shell/url';

const FIRST = [
  { name: 'service', label: 'Service', field: 'service_name' },
  { name: 'intent', label: 'Intent', field: 'intent' },
] as const;
const MORE = [
  { name: 'environment', label: 'Environment', field: 'deployment_environment' },
  { name: 'region', label: 'Region', field: 'region' },
  { name: 'language', label: 'Language', field: 'language' },
  { name: 'version', label: 'Version of the service', field: 'service_version' },
  { name: 'model', label: 'Model', field: 'response_model' },
] as const;
const TYPED = [
  { name: 'prompt', label: 'Prompt', placeholder: 'name@version' },
  { name: 'flag', label: 'Flag', placeholder: 'name=value' },
  { name: 'dimension', label: 'Dimension of yours', placeholder: 'name=value' },
] as const;
const NAMES = [...FIRST, ...MORE, ...TYPED].map(({ name }) => name);

type Chosen = Partial<Record<(typeof NAMES)[number], string>>;

/** Which sessions all of the page is about, as it stands in the address. */
export function useFlowFilter() {
  const [params] = useSearchParams();
  const range = useRange('7d');
  const { since, until } = range;
  const given = JSON.stringify(
    NAMES.flatMap((name) => {
      const value = params.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const chosen = useMemo((): Chosen => Object.fromEntries(JSON.parse(given) as [string, string][]), [given]);
  const times = useMemo(() => ({ since, ...(until === undefined ? {} : { until }) }), [since, until]);
  const fromTo = useMemo(() => ({ from: since, ...(until === undefined ? {} : { to: until }) }), [since, until]);
  return { range, chosen, times, fromTo };
}

export function FlowFilters({ hasRange = true }: { readonly hasRange?: boolean }) {
  const { chosen } = useFlowFilter();
  const change = useUrlChange();
  const set = (name: string) => (value: string) => change({ [name]: value });
  const isMore = [...MORE, ...TYPED].some(({ name }) => chosen[name] !== undefined);
  return (
    <>
      {hasRange && <RangePicker fallback="7d" />}
      {FIRST.map(({ name, label, field }) => (
        <Suggest key={name} label={label} field={field} value={chosen[name] ?? ''} onChange={set(name)} placeholder="all" />
      ))}
      <details className="flow-more" open={isMore}>
        <summary>More filters</summary>
        <div className="filters">
          {MORE.map(({ name, label, field }) => (
            <Suggest key={name} label={label} field={field} value={chosen[name] ?? ''} onChange={set(name)} placeholder="all" />
          ))}
          {TYPED.map(({ name, label, placeholder }) => (
            <TextFilter
              key={`${name} ${chosen[name] ?? ''}`}
              label={label}
              value={chosen[name] ?? ''}
              placeholder={placeholder}
              onChange={set(name)}
            />
          ))}
        </div>
      </details>
    </>
  );
}
