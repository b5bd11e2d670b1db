import { UsageError } from '@telltale/cli';
import { createTemplateMiner } from '@telltale/domain-fingerprint';
import { parse } from 'csv-parse/sync';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { mean, median } from 'simple-statistics';
import { readCsv } from './read-csv';

export interface TemplatesResult {
  /** Mean over the sets, with the ids that stand once all lines were read (`log_templates.merged_into` followed). */
  readonly grouping_accuracy_mean: number;
  /** Mean with the id of each line when it was read, as its event keeps it. */
  readonly grouping_accuracy_live: number;
  /** Mean of the simplest peer: lines that are equal once numbers, addresses and paths are masked. */
  readonly grouping_accuracy_masked: number;
  readonly per_set: Readonly<Record<string, number>>;
  readonly per_set_live: Readonly<Record<string, number>>;
  readonly per_set_masked: Readonly<Record<string, number>>;
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

/** Ids of the lines as they are read (`live`), and once all were read (`final`): what became one later counts as one. */
function mine({ name, lines }: LabeledSet): Record<'live' | 'final', readonly string[]> {
  const miner = createTemplateMiner({ scope: name, max: MAX_TEMPLATES });
  const live = lines.map((line) => miner.match(line, 0)?.id ?? '');
  const into = new Map<string, string>();
  for (const change of miner.changes()) if (change.kind === 'gone') into.set(change.id, change.into);
  const final = live.map((id) => {
    let last = id;
    for (let next = into.get(last); next; next = into.get(last)) last = next;
    return last;
  });
  return { live, final };
}

/** The simplest peer: one rule for paths, addresses, hexadecimal and other numbers each. */
const masked = (line: string): string =>
  line
    .replace(/\S*\/\S*/g, '<*>')
    .replace(/\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, '<*>')
    .replace(/-?\b(?:0x)?[\da-f]*\d[\da-f]*\b/gi, '<*>')
    .replace(/-?\d+/g, '<*>');

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
  const scored = sets.map((set) => {
    const { live, final } = mine(set);
    return { name: set.name, scores: [final, live, set.lines.map(masked)].map((found) => groupingAccuracy(found, set.labels)) };
  });
  const by = (at: number): Record<string, number> =>
    Object.fromEntries(scored.map(({ name, scores }) => [name, rounded(scores[at] ?? 0)]));
  const meanOf = (at: number): number => rounded(mean(scored.map(({ scores }) => scores[at] ?? 0)));
  return Promise.resolve({
    grouping_accuracy_mean: meanOf(0),
    grouping_accuracy_live: meanOf(1),
    grouping_accuracy_masked: meanOf(2),
    per_set: by(0),
    per_set_live: by(1),
    per_set_masked: by(2),
    lines_per_second: linesPerSecond(sets),
  });
}
