import { useMemo } from 'react';
import { Suggest } from '../../design/fields';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';

/** The range and the calls that all of the page is about, as they stand in the address. */
export function useCostFilter() {
  const range = useRange('7d');
  const [service, setService] = useUrl('service');
  const [environment, setEnvironment] = useUrl('environment');
  const { since, until } = range;
  const chosen = useMemo(
    () => ({ ...(service === '' ? {} : { service }), ...(environment === '' ? {} : { environment }) }),
    [service, environment],
  );
  const times = useMemo(() => ({ since, ...(until === undefined ? {} : { until }) }), [since, until]);
  const fromTo = useMemo(() => ({ from: since, ...(until === undefined ? {} : { to: until }) }), [since, until]);
  return { range, times, fromTo, chosen, service, setService, environment, setEnvironment };
}

/** An environment is asked about where the answer can be of one. */
export function CostFilters({ hasEnvironment }: { readonly hasEnvironment: boolean }) {
  const { service, setService, environment, setEnvironment } = useCostFilter();
  return (
    <>
      <RangePicker fallback="7d" />
      <Suggest label="Service" field="service_name" value={service} onChange={setService} placeholder="all" />
      {hasEnvironment && (
        <Suggest
          label="Environment"
          field="deployment_environment"
          value={environment}
          onChange={setEnvironment}
          placeholder="all"
        />
      )}
    </>
  );
}
