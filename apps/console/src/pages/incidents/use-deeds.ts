import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { useSession } from '../../api/session';
import { type Deed, isTaken, undoOf } from './deeds';
import { type IncidentAnswer, incidentKey } from './questions';

/** How often is looked what came of it, and after which time it is late. */
export const SOON_MS = 1_000;
const LATE_MS = 20_000;

/** What was sent last, and what became of it. */
export interface Sent {
  readonly deed: Deed;
  readonly ref: string;
  readonly at: number;
  readonly undo: Deed | null;
}
export type SentState = 'waiting' | 'taken' | 'late';

async function send(id: string, deed: Deed, by: string): Promise<string> {
  const who = { id, issued_by: by };
  switch (deed.kind) {
    case 'acknowledge':
      return (await api.acknowledgeIncident(who)).id;
    case 'assign':
      return (await api.assignIncident({ ...who, ...(deed.owner === '' ? {} : { owner: deed.owner }) })).id;
    case 'silence':
      return (await api.silenceIncident({ ...who, for_ms: deed.forMs, ...(deed.note === '' ? {} : { note: deed.note }) })).id;
    case 'resolve':
      return (await api.resolveIncident({ ...who, ...(deed.note === '' ? {} : { note: deed.note }) })).id;
    case 'note':
      return (await api.noteIncident({ ...who, note: deed.note })).id;
    case 'label':
      return (await api.labelAnomaly({ id: deed.anomalyId, label: deed.label, for_ms: deed.forMs, issued_by: by })).id;
  }
}

/** What can be done with an incident. The services take it in a moment: until then the page looks often whether they have. */
export function useDeeds(id: string) {
  const client = useQueryClient();
  const session = useSession();
  const [sent, setSent] = useState<Sent | null>(null);
  const by = session.data?.name || 'console';
  const mutation = useMutation({
    mutationFn: async ({ deed, incident }: { readonly deed: Deed; readonly incident: IncidentAnswer['incident'] }): Promise<Sent> => ({
      deed,
      ref: await send(id, deed, by),
      at: new Date().getTime(),
      undo: undoOf(deed, incident),
    }),
    onMutate: () => setSent(null),
    onSuccess: (done) => {
      setSent(done);
      void client.invalidateQueries({ queryKey: incidentKey(id), exact: true });
    },
  });
  return {
    by,
    sent,
    failure: mutation.error,
    isSending: mutation.isPending,
    run: (deed: Deed, incident: IncidentAnswer['incident']) => mutation.mutate({ deed, incident }),
    forget: () => {
      setSent(null);
      mutation.reset();
    },
  };
} // prettier-ignore

export function stateOf({ deed, ref, at }: Sent, seen: IncidentAnswer | undefined, now: number): SentState {
  if (seen && isTaken(deed, ref, seen, at)) return 'taken';
  return now - at > LATE_MS ? 'late' : 'waiting';
}
