import { stepsIn } from './explain-panel';
import { type Explanation } from './questions';

/** What an explanation says of each operation, by its id. */
export function findingsByOperation(explanation: Pick<Explanation, 'findings' | 'steps'> | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  if (!explanation) return found;
  const steps = stepsIn(explanation.steps);
  for (const { step, tool, reason } of explanation.findings) {
    const here = steps.filter((one) => one.step === step);
    const one = here.find(({ kind, text }) => kind === 'tool' && tool !== '' && text.includes(tool)) ?? here[0];
    if (!one || one.event_id === '') continue;
    found.set(one.event_id, [...(found.get(one.event_id) ?? []), reason]);
  }
  return found;
} // prettier-ignore
