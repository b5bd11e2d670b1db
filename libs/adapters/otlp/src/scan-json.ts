import { type OtlpBody, type OtlpGroup, type OtlpProblem } from '@telltale/contracts';
import { isRecord, parseJson, PermanentError } from '@telltale/kernel';
import { FieldError, problemOf, readResourceJson, readScopeJson } from './json';
import { type JsonOf } from './messages';
import { partitionByTrace } from './partitions';
import { packTree, type Tree } from './pack';
import { type OtlpPart, type OtlpScan, type ScanOptions, tooLargeProblem, tooManyItems, toPart } from './scan';
import { otherSignal, type Signal, withoutIds, wrongFormat } from './signals';

/** About the depth the protobuf reader allows: a value's level takes up to five brackets. */
const MAX_DEPTH = 200;

type Raw = Readonly<Record<string, unknown>>;
type JsonTree = Tree<Raw, unknown>;
interface Decoded<Item> {
  readonly scan: OtlpScan;
  readonly body: OtlpBody<Item>;
}

const invalid = (field: string, message: string): PermanentError => new PermanentError('invalid', `${field} ${message}`);
const array = (raw: Raw, key: string): readonly unknown[] => {
  const value = raw[key] ?? [];
  if (!Array.isArray(value)) throw invalid(key, 'must be an array');
  return value as unknown[];
};
const member = (value: unknown, name: string): Raw => {
  if (!isRecord(value)) throw invalid(name, 'must hold objects');
  return value;
};
const without = (raw: Raw, key: string): Raw => Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key));
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const namesOf = ({ levels }: Signal) => ({
  resources: levels.request.json,
  scopes: levels.resource.json,
  items: levels.scope.json,
});

/** The resources of a request; a body that only looks empty is distinguished from one that is. */
function resourcesOf(signal: Signal, text: string): readonly unknown[] {
  const parsed = parseJson(text, MAX_DEPTH);
  const resources = signal.levels.request.json;
  if (!isRecord(parsed)) throw invalid('body', `must be an object with ${resources}`);
  if (parsed[resources] === undefined) {
    if (parsed[otherSignal(signal).levels.request.json] !== undefined) throw wrongFormat(signal);
    if (parsed[snake(resources)] !== undefined)
      throw invalid(snake(resources), `must be called ${resources}: OTLP/JSON names are lowerCamelCase`);
    if (parsed['resourceMetrics'] !== undefined)
      throw invalid('resourceMetrics', 'cannot be taken here: Telltale takes traces and logs');
  }
  return array(parsed, resources);
}

const fromHead = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldError) throw invalid(error.at, error.message);
    throw error;
  }
};

/** Both signals call them the same. */
const idsOf = (item: JsonOf<'Span'>): JsonOf<'Span'> => item;
const hasNoIds = (item: unknown): boolean => isRecord(item) && !idsOf(item).traceId && !idsOf(item).spanId;

const NAMELESS_BYTES = 24;
function write(signal: Signal, tree: JsonTree): Buffer {
  const { resources, scopes, items } = namesOf(signal);
  const body = {
    [resources]: tree.map((r) => ({
      ...r.head,
      [scopes]: r.scopes.map((s) => ({ ...s.head, [items]: s.items.map(({ item }) => item) })),
    })),
  };
  return Buffer.from(JSON.stringify(body));
}

/** How to read one item, and when it was. */
export interface ItemReader<Item> {
  readonly read: (value: unknown) => Item;
  readonly times: (item: Item) => readonly [start: number, observed: number];
}

/** Items read between two rests of `decodeInSteps`. */
const STEP_ITEMS = 200;

/** Reads and checks an OTLP/JSON body; errors as in `scan`. Rests now and then, so that a process can do something else meanwhile. */
export function* decodeInSteps<Item extends { readonly traceId: string }>(
  signal: Signal,
  text: string,
  reader: ItemReader<Item>,
  { maxItems = Infinity, timeProblem }: ScanOptions = {},
): Generator<undefined, Decoded<Item>> {
  const tree: JsonTree = [];
  const groups: OtlpGroup<Item>[] = [];
  const problems: OtlpProblem[] = [];
  const { resources, scopes, items } = namesOf(signal);
  let count = 0;
  let idless = 0;
  for (const entry of resourcesOf(signal, text)) {
    const raw = member(entry, resources);
    const resource = fromHead(() => readResourceJson(raw));
    const head = without(raw, scopes);
    const node: JsonTree[number] = { head, headBytes: sizeOf(head), scopes: [] };
    tree.push(node);
    for (const inner of array(raw, scopes)) {
      const rawScope = member(inner, scopes);
      const scopeHead = without(rawScope, items);
      const scopeNode: JsonTree[number]['scopes'][number] = { head: scopeHead, headBytes: sizeOf(scopeHead), items: [] };
      node.scopes.push(scopeNode);
      const group: OtlpGroup<Item> = { resource, scope: fromHead(() => readScopeJson(rawScope)), items: [] };
      for (const item of array(rawScope, items)) {
        const index = count++;
        if (count > maxItems) throw tooManyItems(signal, maxItems);
        if (count % STEP_ITEMS === 0) yield;
        if (hasNoIds(item)) idless++;
        scopeNode.items.push({ index, bytes: 0, item });
        try {
          const good = reader.read(item);
          const [start, observed] = reader.times(good);
          const wrongTime = start || observed ? (timeProblem?.(start || observed) ?? null) : null;
          if (wrongTime !== null) throw new FieldError(signal.times[start ? 0 : 1].json, wrongTime);
          group.items.push({ index, item: good });
        } catch (error) {
          problems.push(problemOf(index, error));
        }
      }
      if (group.items.length) groups.push(group);
    }
  }
  if (signal.strict && count > 0 && idless === count) throw withoutIds(signal);
  return { scan: toScan(signal, text, tree, problems, count, traceIds(groups)), body: { groups, problems } };
}

/** The same without a rest. */
export function decodeJson<Item extends { readonly traceId: string }>(
  signal: Signal,
  text: string,
  reader: ItemReader<Item>,
): Decoded<Item> {
  const steps = decodeInSteps(signal, text, reader);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const traceIds = <Item extends { readonly traceId: string }>(groups: readonly OtlpGroup<Item>[]): ReadonlyMap<number, string> =>
  new Map(groups.flatMap(({ items }) => items.map(({ index, item }) => [index, item.traceId] as const)));

function toScan(
  signal: Signal,
  text: string,
  tree: JsonTree,
  problems: readonly OtlpProblem[],
  count: number,
  traces: ReadonlyMap<number, string>,
): OtlpScan {
  const bad = new Set(problems.map(({ index }) => index));
  /** Sizes are only asked for when a body has to be split. */
  const sized = (): JsonTree =>
    tree.map((r) => ({
      ...r,
      scopes: r.scopes.map((s) => ({ ...s, items: s.items.map((node) => ({ ...node, bytes: sizeOf(node.item) + 1 })) })),
    }));
  const partOf = (part: JsonTree, bytes: Buffer, isPartitioned: boolean): OtlpPart => {
    const nodes = part.flatMap((r) => r.scopes.flatMap((s) => s.items));
    const found = new Set(nodes.map(({ index }) => traces.get(index) ?? ''));
    const [trace = ''] = found;
    return toPart([bytes], nodes.length, (isPartitioned || found.size === 1) && trace !== '' ? trace : null);
  };
  return {
    count,
    problems,
    split(maxBytes, partitions = 1) {
      if (count === bad.size) return { parts: [], tooLarge: [] };
      const isPartitioned = signal.strict && partitions > 1;
      const partitioned = isPartitioned && count > 1 ? partitionByTrace(traces, partitions, bad) : [null];
      if (partitioned.length === 1 && bad.size === 0 && Buffer.byteLength(text) <= maxBytes)
        return { parts: [partOf(tree, Buffer.from(text), isPartitioned)], tooLarge: [] };
      const whole = sized();
      const packed = partitioned.map((partition) =>
        packTree(whole, maxBytes, NAMELESS_BYTES, (index) => (partition ? partition.has(index) : !bad.has(index))),
      );
      return {
        parts: packed.flatMap(({ trees }) => trees.map((part) => partOf(part, write(signal, part), isPartitioned))),
        tooLarge: packed.flatMap(({ tooLarge }) => tooLarge.map((index) => tooLargeProblem(index, maxBytes))),
      };
    },
    pick(indexes) {
      const wanted = new Set(indexes);
      return write(signal, packTree(tree, Infinity, NAMELESS_BYTES, (index) => wanted.has(index)).trees[0] ?? []);
    },
  };
}
