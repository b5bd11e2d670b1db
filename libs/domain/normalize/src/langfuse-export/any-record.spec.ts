import { nativeEvent } from '@telltale/contracts';
import fc from 'fast-check';
import { normalizeNative } from '../native-event';
import { itemsOf, observation, score, storedObservation, trace } from './langfuse-export.fixture';
import { type LangfuseItem } from './read-export';

const odd = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue() },
  fc.constantFrom(null, '', 0, -1, 1e308, '1e999', 'NaN', true, '{"a":', '[1', '"x"', [], {}, '2026-13-45', '99999999999999999', { __proto__: 1 }),
  fc.double(),
  fc.string(),
); // prettier-ignore

/** A record of which some fields hold anything. */
const broken = fc
  .constantFrom(observation(), storedObservation(), trace(), score(), trace({ observations: [observation()], scores: [score()] }))
  .chain((record) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(record), 'metadata', 'observations', 'scores', 'trace', 'data', 'traces', 'usage', 'toolDefinitions', 'totalCost'), odd)
      .map((of) => ({ ...record, ...of })),
  ); // prettier-ignore

/** What is wrong with an item; null when it is an event by the contract as it is sent, or a problem that says something. */
function faultOf(item: LangfuseItem): unknown {
  if ('problem' in item) return item.problem === '' ? 'an empty problem' : null;
  const sent = JSON.parse(JSON.stringify(item.event)) as unknown;
  const { error } = nativeEvent.safeParse(sent);
  const read = normalizeNative(sent, { tenant: 'acme', receivedAt: 0 });
  return error?.issues ?? (read.ok ? null : read.error);
}

describe('any record', () => {
  it.each([
    ['with fields that hold anything', broken],
    ['that is any value', fc.jsonValue()],
  ])('%s is events by the contract, or a problem that names a field; never an exception', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (record) => {
        expect(itemsOf(record).map(faultOf)).toEqual(itemsOf(record).map(() => null));
      }),
      { numRuns: 2_000 },
    );
  });
});
