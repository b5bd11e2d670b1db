import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '@telltale/kernel';

const LOGS = 'deduplication_logs';
const ADD = '1';
const DROP = '2';

/**
 * `<partition>_<first block>_<last block>_<level>[_<mutation>]`; null for a folder that is not a finished part (`tmp_insert_…`,
 * `detached`).
 */
function partOf(name: string): { readonly partition: string; readonly min: number; readonly max: number } | null {
  const [, partition, min, max] = /^([^_]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/.exec(name) ?? [];
  return partition === undefined ? null : { partition, min: Number(min), max: Number(max) };
}

/** Checks whether a part, or a part it was merged into, is among the folders of its table. */
function heldIn(parts: readonly string[]): (name: string) => boolean {
  const spans = groupBy(parts.flatMap((name) => partOf(name) ?? []), ({ partition }) => partition); // prettier-ignore
  return (name) => {
    const part = partOf(name);
    return !part || (spans.get(part.partition) ?? []).some(({ min, max }) => min <= part.min && part.max <= max);
  };
}

const folders = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
const numberOf = (log: string): number => Number(/\d+/.exec(log)?.[0]);

/** Blocks that a table's deduplication log lists as inserted, block id → part, oldest log first. */
function blocksOf(logs: string, names: readonly string[]): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const name of names)
    for (const line of readFileSync(join(logs, name), 'utf8').split('\n')) {
      const [operation, part, block] = line.split('\t');
      if (!part || !block) continue;
      if (operation === ADD) blocks.set(block, part);
      else blocks.delete(block);
    }
  return blocks;
}

/**
 * Removes tokens from a table's deduplication log whose rows are in no part. A MergeTree table that is not replicated writes a block's id
 * to this log and only then renames the block's part into place (ClickHouse, `MergeTreeSink::commitPart`; observed in the engine of chDB
 * 3.4.0). After a kill between the two, the table would take the repeated insert for a duplicate, and its rows would be lost. Call it only
 * on a folder that no engine has open. Returns the number of removed tokens.
 */
export function removeDanglingDedupTokens(path: string): number {
  const store = join(path, 'store');
  let takenBack = 0;
  for (const table of folders(store).flatMap((prefix) => folders(join(store, prefix)).map((id) => join(store, prefix, id)))) {
    const logs = join(table, LOGS);
    if (!existsSync(logs)) continue;
    const names = readdirSync(logs).sort((a, b) => numberOf(a) - numberOf(b));
    const newest = names.at(-1);
    if (!newest) continue;
    const held = heldIn(folders(table));
    const lost = [...blocksOf(logs, names)].filter(([, part]) => !held(part));
    if (!lost.length) continue;
    appendFileSync(join(logs, newest), lost.map(([block, part]) => `${DROP}\t${part}\t${block}\n`).join(''));
    takenBack += lost.length;
  }
  return takenBack;
}
