import { useState } from 'react';
import { Asked } from '../../design/asked';
import { Dialog } from '../../design/dialog';
import { Page, Section } from '../../design/page';
import { Empty, Stat } from '../../design/parts';
import { countOf } from '../../format/numbers';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { useCan } from '../../api/session';
import { bytesOf } from './directive-words';
import { EffectOf } from './effect';
import { HistoryTable, InForceTable } from './directive-tables';
import { type DirectiveStatus, directivesKey, STATUS_KEY, useDirectives, useStatus } from './questions';
import { DirectiveForm } from './directive-form';
import './verbosity.css';

/** Where more or less is logged now, who applies it, and what it brought. */
export default function VerbosityPage() {
  const range = useRange('7d');
  const directives = useDirectives(range);
  const status = useStatus();
  const [chosen, choose] = useUrl('directive');
  const [open, setOpen] = useUrl('new');
  const { can, why } = useCan('control');
  const inForce = status.data?.directives;
  const all = directives.data?.directives ?? [];
  const [issued, setIssued] = useState('');
  return (
    <Page
      title="Verbosity"
      subtitle="Little is logged, until something deviates; then that slice logs everything, for a while"
      actions={
        <button type="button" className="button" data-main="true" title={why} onClick={() => setOpen('1')}>
          Raise or lower
        </button>
      }
    >
      <Head inForce={inForce} suppressed={all.filter(({ state }) => state === 'suppressed').length} />
      <Section title="In force">
        <Asked of={status} queryKey={STATUS_KEY} height={200}>
          {({ directives: rows }) =>
            rows.length === 0 ? (
              <Empty title="Every SDK logs as its application set it">
                <p className="quiet">
                  An anomaly raises the detail of what it is about, and it falls back by itself. Raise it by hand where you want to see a
                  tool, a session or a model in full. Programs apply it through Telltale’s SDK for Python or Node.
                </p>
              </Empty>
            ) : (
              <InForceTable rows={rows} known={all} chosen={chosen} onChoose={choose} />
            )
          }
        </Asked>
      </Section>
      {chosen !== '' && <EffectOf id={chosen} directive={all.find(({ id }) => id === chosen)} onClose={() => choose('')} />}
      <Section title="History" beside={<RangePicker fallback="7d" />}>
        <Asked of={directives} queryKey={directivesKey(range)} height={320}>
          {({ directives: rows, next_cursor: next }) =>
            rows.length === 0 ? (
              <p className="quiet">No directive was issued in this time.</p>
            ) : (
              <>
                <HistoryTable rows={rows} chosen={chosen} onChoose={choose} />
                {next !== undefined && <p className="quiet">The last {countOf(rows.length)} that changed are shown; there are more.</p>}
              </>
            )
          }
        </Asked>
      </Section>
      <Dialog title="Raise or lower the detail" isOpen={open !== ''} onClose={() => setOpen('')}>
        <DirectiveForm can={can} why={why} onIssued={setIssued} />
      </Dialog>
      {issued !== '' && open === '' && <p role="status">Requested {issued}. It is in force once the verbosity service has taken it, within seconds.</p>}
    </Page>
  );
} // prettier-ignore

/** The numbers of the page. */
function Head({ inForce, suppressed }: { readonly inForce: readonly DirectiveStatus[] | undefined; readonly suppressed: number }) {
  const sum = (of: (one: DirectiveStatus) => number): number => inForce?.reduce((total, one) => total + of(one), 0) ?? 0;
  const said = (text: string): string => (inForce === undefined ? '–' : text);
  const boosts = inForce?.filter(({ class: of }) => of === 'boost').length ?? 0;
  const waiting = sum(({ pending }) => pending);
  const failed = sum(({ failed: of }) => of);
  return (
    <dl className="stats">
      <Stat name="In force" beside={`${countOf(boosts)} raise, ${countOf((inForce?.length ?? 0) - boosts)} lower`}>
        {said(countOf(inForce?.length ?? 0))}
      </Stat>
      <Stat name="Applied" beside={`${countOf(waiting)} waiting, ${countOf(failed)} failed`}>
        {said(`${countOf(sum(({ applied }) => applied))} of ${countOf(sum(({ instances }) => instances))}`)}
      </Stat>
      <Stat name="Records changed" beside="by those in force">{said(countOf(sum(({ hits }) => hits)))}</Stat>
      <Stat name="Sent because of them" beside={`${countOf(sum(({ drops }) => drops))} dropped by their limits`}>
        {said(bytesOf(sum(({ bytes }) => bytes)))}
      </Stat>
      <Stat name="Not raised" beside="all places were taken, in this time">{said(countOf(suppressed))}</Stat>
    </dl>
  );
} // prettier-ignore
