import { type Operations } from '@telltale/api-client';
import { Asked } from '../../design/asked';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { Badge, Empty, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { timeOf } from '../../format/times';
import { useUrl } from '../../shell/url';
import { changeBefore, didWhat, fieldChanges } from './changes';
import { MOST, type SettingType, type SettingTypes, useChanges } from './questions';

type SettingChange = Operations['listSettingChanges']['answer']['changes'][number];
const idOf = ({ type, name, version }: SettingChange): string => `${type}/${name}/${version}`;
const TONES = { made: 'good', changed: 'quiet', deleted: 'warn' } as const;

const COLUMNS: readonly TableColumn<SettingChange>[] = [
  { id: 'at', name: 'When', cell: ({ changed_at: at }) => <Time at={at} />, sortBy: ({ changed_at: at }) => timeOf(at), width: '150px' },
  { id: 'what', name: 'What', cell: (one) => <Badge tone={TONES[didWhat(one)]}>{didWhat(one)}</Badge>, width: '110px' },
  { id: 'type', name: 'Type', cell: ({ type }) => type, sortBy: ({ type }) => type, width: '140px' },
  { id: 'name', name: 'Name', cell: ({ name }) => name, sortBy: ({ name }) => name },
  { id: 'by', name: 'By', cell: ({ changed_by: by }) => by, sortBy: ({ changed_by: by }) => by },
]; // prettier-ignore

/** Who changed what, and when; one that is chosen shows what was before. */
export function History({ types }: { readonly types: SettingTypes }) {
  const [type, setType] = useUrl('type');
  const [chosen, choose] = useUrl('change');
  const known = types.types.find((one) => one.type === type)?.type;
  const changes = useChanges(known);
  const kinds: [string, string][] = [['', 'every type'], ...types.types.map((one): [SettingType, string] => [one.type, one.type])];
  return (
    <Section title="History" beside={<Choice label="Type" value={known ?? ''} options={kinds} onChange={setType} />}>
      <Asked of={changes} queryKey={['settings', 'history', known ?? '']} height={400}>
        {({ changes: all, next_cursor: next }) => {
          const one = all.find((change) => idOf(change) === chosen);
          if (all.length === 0) return <Empty title="Nothing was changed in the last 90 days" />;
          return (
            <>
              <DataTable label="Changes of settings" rows={all} columns={COLUMNS} rowId={idOf} chosen={chosen} onChoose={(row) => choose(idOf(row))} />
              {next !== undefined && <p className="quiet">The last {MOST.toLocaleString('en-US')}; there are more: telltale settings history</p>}
              {one ? <Difference change={one} all={all} /> : <p className="quiet">Choose a change to see what was before.</p>}
            </>
          );
        }}
      </Asked>
    </Section>
  );
} // prettier-ignore

function Difference({ change, all }: { readonly change: SettingChange; readonly all: readonly SettingChange[] }) {
  const before = changeBefore(all, change);
  const isUnknown = change.version > 1 && !before;
  const fields = fieldChanges(before?.value, change.value);
  return (
    <section className="card difference" aria-label="What changed">
      <h3>
        {change.type} {change.name}, version {change.version}
      </h3>
      <p className="quiet">
        {didWhat(change)} <Time at={change.changed_at} by="clock" /> by {change.changed_by}
        {isUnknown && '; what was before is older than this list, so all fields are shown as new'}
      </p>
      {fields.length === 0 && <p>No field differs.</p>}
      <dl>
        {fields.map(({ field, before: old, after }) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>
              {old !== null && (
                <del>
                  <span className="visually-hidden">before: </span>
                  {old}
                </del>
              )}
              {after !== null && (
                <ins>
                  <span className="visually-hidden">after: </span>
                  {after}
                </ins>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
