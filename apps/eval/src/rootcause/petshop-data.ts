import { CliError } from '@telltale/cli';
import { type CallEdge, type Component, type Window } from '@telltale/domain-rootcause';
import { parse } from 'csv-parse/sync';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readCsv } from '../read-csv';

const target = z.object({
  target: z.object({ node: z.string(), metric: z.enum(['latency', 'availability']), timestamp: z.number() }),
  root_cause: z.object({ node: z.string() }),
});

/** One injected fault: what deviated, where it came from, and every component before and meanwhile. */
export interface PetshopIssue {
  readonly name: string;
  readonly part: string;
  readonly target: string;
  readonly metric: 'latency' | 'availability';
  readonly rootCause: string;
  readonly components: readonly Component[];
  readonly calls: readonly CallEdge[];
}

interface Metrics {
  /** By component: its windows in order of time. */
  readonly windows: ReadonlyMap<string, readonly Window[]>;
}

const HEADER_ROWS = 3;
const numberIn = (cell: string | undefined): number | null =>
  cell === undefined || cell === '' || !Number.isFinite(Number(cell)) ? null : Number(cell);

const rowsIn = (path: string): string[][] => readCsv(path, (content) => parse(content, { relaxColumnCount: true }));

/** Latency as it is, availability (per cent) as the share of calls that failed. */
function readMetrics(path: string, metric: PetshopIssue['metric']): Metrics {
  const [nodes = [], metrics = [], statistics = []] = rowsIn(path);
  const columnsOf = (name: string, statistic: string): [string, number][] =>
    nodes.flatMap((node, i): [string, number][] =>
      i > 0 && metrics[i] === name && statistics[i] === statistic ? [[node, i]] : [],
    );
  const rows = rowsIn(path)
    .slice(HEADER_ROWS)
    .filter(([time]) => numberIn(time) !== null);
  const requests = new Map(columnsOf('requests', 'Sum'));
  const windows = columnsOf(metric, 'Average').map(([node, column]): [string, Window[]] => [
    node,
    rows.map((row) => {
      const value = numberIn(row[column]);
      return {
        calls: numberIn(row[requests.get(node) ?? -1]) ?? 0,
        value: value === null ? null : metric === 'latency' ? 1_000 * value : 1 - value / 100,
      };
    }),
  ]);
  return { windows: new Map(windows) };
}

/** A row of the graph is a caller, its columns with 1 are what it calls. */
function readGraph(path: string): CallEdge[] {
  const [[, ...names] = [], ...rows] = rowsIn(path);
  return rows.flatMap(([caller = '', ...cells]) =>
    names.flatMap((callee, i): CallEdge[] => (Number(cells[i]) === 1 ? [{ caller, callee }] : [])),
  );
}

/** Whoever calls it names it; it reports nothing itself. */
const isSeenByCallersOnly = (node: string): boolean => node.endsWith('_remote');

function readIssue(folder: string, part: string, name: string, calls: readonly CallEdge[]): PetshopIssue {
  const path = join(folder, part, name);
  const parsed = target.safeParse(JSON.parse(readFileSync(join(path, 'target.json'), 'utf8')));
  if (!parsed.success)
    throw new CliError(`${path}/target.json: ${parsed.error.issues[0]?.path.join('.')} is missing or wrong`, 'give the data set as it is published'); // prettier-ignore
  const { target: asked, root_cause: root } = parsed.data;
  const usual = readMetrics(join(folder, 'noissue', 'metrics.csv'), asked.metric).windows;
  const during = readMetrics(join(path, 'metrics.csv'), asked.metric).windows;
  const nodes = new Set([...usual.keys(), ...during.keys()]);
  const components = [...nodes].map((id) => ({
    id,
    before: usual.get(id) ?? [],
    after: during.get(id) ?? [],
    ...(isSeenByCallersOnly(id) && { isSeenByCallersOnly: true }),
  }));
  return { name: `${part}/${name}`, part, target: asked.node, metric: asked.metric, rootCause: root.node, components, calls };
}

const isComplete = (folder: string): boolean => ['metrics.csv', 'target.json'].every((file) => existsSync(join(folder, file)));

/** All complete issues in the folder of one traffic scenario, or in those beneath it. CliError when there is none. */
export function readPetshop(path: string): PetshopIssue[] {
  if (path === '')
    throw new CliError(
      '--data is missing',
      'give the folder of the PetShop data, or set TELLTALE_DATA to the folder of all data',
    );
  const folders = [path, ...readdirSync(path).map((name) => join(path, name))].filter((one) =>
    existsSync(join(one, 'graph.csv')),
  );
  const issues = folders.flatMap((folder) => {
    const calls = readGraph(join(folder, 'graph.csv'));
    return ['train', 'test'].flatMap((part) => {
      const parent = join(folder, part);
      const names = existsSync(parent) ? readdirSync(parent).filter((name) => isComplete(join(parent, name))) : [];
      return names.sort().map((name) => readIssue(folder, part, name, calls));
    });
  });
  if (issues.length === 0)
    throw new CliError(
      `${path}: no issue found`,
      'give a folder with graph.csv, noissue/, train/ and test/, or the folder above',
    );
  return issues;
}
