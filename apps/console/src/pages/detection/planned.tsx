import { type Operations } from '@telltale/api-client';
import { useState } from 'react';
import { api } from '../../api/client';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Choice, Field, Suggest } from '../../design/fields';
import { Section } from '../../design/page';
import { Badge, Empty, Failure, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { EndButton } from './end-button';
import { ISSUED_BY, useDetectorChange, useHolidays, useMaintenance } from './questions';

type MaintenanceRow = Operations['listMaintenance']['answer']['maintenance'][number];
type HolidaysRow = Operations['listHolidays']['answer']['holidays'][number];
const HOUR = 3_600_000;

const isOver = ({ state, until_at: until }: { readonly state: string; readonly until_at: string | null }): boolean =>
  state === 'ended' || (until !== null && Date.parse(until) <= new Date().getTime());
const State = ({ row }: { readonly row: MaintenanceRow | HolidaysRow }) => (
  <Badge tone={isOver(row) ? 'quiet' : row.in_force ? 'good' : 'warn'}>{isOver(row) ? 'over' : row.in_force ? 'in force' : 'to come'}</Badge>
); // prettier-ignore

const MAINTENANCE: readonly TableColumn<MaintenanceRow>[] = [
  { id: 'state', name: 'State', width: '110px', cell: (row) => <State row={row} /> },
  { id: 'of', name: 'Service', width: 'minmax(90px, 1fr)', cell: ({ service_name: of }) => of || 'every service' },
  { id: 'from', name: 'From', width: '212px', cell: ({ from_at: at }) => at !== null && <Time at={at} by="clock" /> },
  { id: 'until', name: 'Until', width: '212px', cell: ({ until_at: at }) => at !== null && <Time at={at} by="clock" /> },
  { id: 'why', name: 'Reason', width: 'minmax(100px, 2fr)', cell: ({ reason }) => reason },
  { id: 'by', name: 'By', width: '110px', cell: ({ issued_by: by }) => by },
  { id: 'end', name: 'End', width: '90px', cell: (row) => !isOver(row) && <EndButton name={`maintenance ${row.reason}`} end={() => api.endMaintenance({ id: row.id })} /> },
]; // prettier-ignore
const HOLIDAYS: readonly TableColumn<HolidaysRow>[] = [
  { id: 'state', name: 'State', width: '110px', cell: (row) => <State row={row} /> },
  { id: 'name', name: 'Name', width: 'minmax(120px, 1fr)', cell: ({ name }) => name },
  { id: 'of', name: 'Service', width: 'minmax(110px, 1fr)', cell: ({ service_name: of }) => of || 'every service' },
  { id: 'days', name: 'Days', width: 'minmax(160px, 2fr)', cell: ({ dates, utc_offset: offset }) => `${dates.join(', ')} (UTC${offset})` },
  { id: 'by', name: 'By', width: '110px', cell: ({ issued_by: by }) => by },
  { id: 'end', name: 'End', width: '90px', cell: (row) => !isOver(row) && <EndButton name={`holidays ${row.name}`} end={() => api.endHolidays({ id: row.id })} /> },
]; // prettier-ignore

/** Times in which what is unusual is no news. */
export function Planned() {
  const maintenance = useMaintenance();
  const holidays = useHolidays();
  return (
    <>
      <Section title="Maintenance windows">
        <MaintenanceForm />
        <Asked of={maintenance} queryKey={['detector', 'maintenance']} height={160}>
          {({ maintenance: rows }) =>
            rows.length === 0 ? (
              <Empty title="No planned work">
                <p className="quiet">Anomalies of that time say so, open no incident and raise no detail.</p>
              </Empty>
            ) : (
              <DataTable label="Maintenance windows" rows={rows} columns={MAINTENANCE} rowId={({ id }) => id} maxHeight={320} />
            )
          }
        </Asked>
      </Section>
      <Section title="Holidays">
        <HolidayForm />
        <Asked of={holidays} queryKey={['detector', 'holidays']} height={160}>
          {({ holidays: rows }) =>
            rows.length === 0 ? (
              <Empty title="No holidays are named">
                <p className="quiet">On a holiday traffic need not be what it usually is, and nothing is learned from it. Add one before it begins.</p>
              </Empty>
            ) : (
              <DataTable label="Holidays" rows={rows} columns={HOLIDAYS} rowId={({ id }) => id} maxHeight={320} />
            )
          }
        </Asked>
      </Section>
    </>
  );
} // prettier-ignore

function MaintenanceForm() {
  const { can, why } = useCan('control');
  const [service, setService] = useState('');
  const [hours, setHours] = useState('1');
  const [reason, setReason] = useState('');
  const change = useDetectorChange((given: Operations['addMaintenance']['params']) => api.addMaintenance(given));
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ ...(service && { service_name: service }), for_ms: Number(hours) * HOUR, ...(reason && { reason }), issued_by: ISSUED_BY });
      }}
    >
      <Suggest label="Service of the work" field="service_name" value={service} onChange={setService} placeholder="every service" />
      <Choice label="From now, for" value={hours} disabled={!can} options={[['0.5', '30 minutes'], ['1', 'an hour'], ['4', '4 hours'], ['24', 'a day']]} onChange={setHours} />
      <Field label="Reason">
        <input value={reason} maxLength={500} disabled={!can} placeholder="release" onChange={({ target }) => setReason(target.value)} />
      </Field>
      <button type="submit" className="button" data-main="true" disabled={!can || change.isPending} title={why}>
        Add maintenance
      </button>
      {why !== undefined && <p className="quiet">{why}</p>}
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && <p role="status">Requested. It is in force once the detector has read it, within seconds.</p>}
    </form>
  );
} // prettier-ignore

function HolidayForm() {
  const { can, why } = useCan('control');
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const [offset, setOffset] = useState('+00:00');
  const change = useDetectorChange((given: Operations['addHolidays']['params']) => api.addHolidays(given));
  const dates = days.split(/[\s,]+/).filter((day) => day !== '');
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ ...(name && { name }), dates, utc_offset: offset, issued_by: ISSUED_BY });
      }}
    >
      <Field label="Name">
        <input value={name} maxLength={500} disabled={!can} placeholder="Christmas" onChange={({ target }) => setName(target.value)} />
      </Field>
      <Field label="Days">
        <input value={days} disabled={!can} required placeholder="2026-12-25, 2026-12-26" onChange={({ target }) => setDays(target.value)} />
      </Field>
      <Field label="Clock ahead of UTC by">
        <input value={offset} disabled={!can} onChange={({ target }) => setOffset(target.value)} />
      </Field>
      <button type="submit" className="button" data-main="true" disabled={!can || change.isPending || dates.length === 0} title={why}>
        Add holidays
      </button>
      {why !== undefined && <p className="quiet">{why}</p>}
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && <p role="status">Requested. They are known once the detector has read them, within seconds.</p>}
    </form>
  );
} // prettier-ignore
