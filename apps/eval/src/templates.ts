import { UsageError } from '@telltale/cli';
import { createTemplateMiner } from '@telltale/domain-fingerprint';
import { parse } from 'csv-parse/sync';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { mean, median } from 'simple-statistics';
import { readCsv } from './read-csv';

export interface TemplatesResult {
  /** Mean over the sets. */
  readonly grouping_accuracy_mean: number;
  readonly per_set: Readonly<Record<string, number>>;
  /** Masking and matching, one core, templates known; median of the rounds. */
  readonly lines_per_second: number;
}

interface LabeledSet {
  readonly name: string;
  readonly lines: readonly string[];
  readonly labels: readonly string[];
}

const LABELLED = /_structured(?:_corrected)?\.csv$/;
const MAX_TEMPLATES = 10_000;
const ROUNDS = 9;

interface SetFile {
  readonly name: string;
  readonly path: string;
}

/** One set of each folder below, by the folder's name, and those that lie here, by their own. */
function filesUnder(folder: string): SetFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): SetFile[] => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return LABELLED.test(entry.name) ? [{ name: entry.name.split(/[._]/)[0] ?? '', path }] : [];
    const [file] = readdirSync(path)
      .filter((name) => LABELLED.test(name))
      .sort();
    return file === undefined ? [] : [{ name: entry.name, path: join(path, file) }];
  });
}

/** Throws UsageError when a column is missing, CliError when the file is not CSV. */
function readSet({ name, path }: SetFile): LabeledSet {
  const [head = [], ...rows] = readCsv(path, (content) => parse(content, { bom: true, relax_column_count: true }));
  const [content, label] = ['Content', 'EventId'].map((column) => head.indexOf(column)) as [number, number];
  if (content < 0 || label < 0)
    throw new UsageError(`${path} has no column ${content < 0 ? 'Content' : 'EventId'}`, 'give sets with a line of names');
  return { name, lines: rows.map((row) => row[content] ?? ''), labels: rows.map((row) => row[label] ?? '') };
}

/** Share of lines whose group is exactly the group of the labels (Zhu et al., ICSE-SEIP 2019): one line more or less makes all of a group wrong. */
export function groupingAccuracy(found: readonly string[], labels: readonly string[]): number {
  const byFound = new Map<string, { label: string; size: number; pure: boolean }>();
  const sizes = new Map<string, number>();
  labels.forEach((label, i) => {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const group = byFound.get(found[i] ?? '');
    if (!group) byFound.set(found[i] ?? '', { label, size: 1, pure: true });
    else {
      group.size++;
      group.pure &&= group.label === label;
    }
  });
  let right = 0;
  for (const { label, size, pure } of byFound.values()) if (pure && sizes.get(label) === size) right += size;
  return labels.length === 0 ? 0 : right / labels.length;
}

/** The template of each line once all were read: what became one later counts as one, as it does for who asks later. */
function mine({ name, lines }: LabeledSet): string[] {
  const miner = createTemplateMiner({ scope: name, max: MAX_TEMPLATES });
  const ids = lines.map((line) => miner.match(line, 0)?.id ?? '');
  const into = new Map<string, string>();
  for (const change of miner.changes()) if (change.kind === 'gone') into.set(change.id, change.into);
  return ids.map((id) => {
    let last = id;
    for (let next = into.get(last); next; next = into.get(last)) last = next;
    return last;
  });
}

function linesPerSecond(sets: readonly LabeledSet[]): number {
  const miner = createTemplateMiner({ scope: 'all', max: MAX_TEMPLATES });
  const lines = sets.flatMap((set) => set.lines);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const from = performance.now();
    for (const line of lines) miner.match(line, 0);
    if (round > 0) rates.push((lines.length * 1000) / (performance.now() - from));
  }
  return Math.round(median(rates));
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Runs the miner over labeled sets (`*_structured.csv`, in a folder each as loghub has them, or beside each other), each from nothing, in file order. */
export function evaluateTemplates(dataPath: string): Promise<TemplatesResult> {
  const sets = filesUnder(dataPath).map(readSet);
  if (sets.length === 0) throw new UsageError(`${dataPath} has no *_structured.csv`, 'give the folder of labeled log sets');
  const scores = sets.map((set) => [set.name, groupingAccuracy(mine(set), set.labels)] as const);
  return Promise.resolve({
    grouping_accuracy_mean: rounded(mean(scores.map(([, score]) => score))),
    per_set: Object.fromEntries(scores.map(([name, score]) => [name, rounded(score)])),
    lines_per_second: linesPerSecond(sets),
  });
}
