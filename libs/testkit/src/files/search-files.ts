import { errorCodeOf } from '@telltale/kernel';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readColumnBlocks } from './column-blocks';

const PROGRAM = join('libs', 'testkit', 'src', 'files', 'search-frames.cjs');
/** Path of the program's file, found in a parent folder: this module may run from its source or from a bundle. */
const programFile = (from = __dirname): string =>
  existsSync(join(from, PROGRAM)) || dirname(from) === from ? join(from, PROGRAM) : programFile(dirname(from));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const isGone = (error: unknown): boolean => errorCodeOf(error) === 'ENOENT';
const ATTEMPTS = 20;

/**
 * All files under `folders` with their content. A running ClickHouse merges parts: when a file disappears before it is read, its rows are
 * in another file that may be missing in the list, so the folders are listed again.
 */
function readFiles(folders: readonly string[]): readonly (readonly [file: string, bytes: Buffer])[] {
  for (let attempt = 1; ; attempt++) {
    try {
      return folders.flatMap(filesIn).map((file) => [file, readFileSync(file)] as const);
    } catch (error) {
      if (!isGone(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Finds which needles are readable in which files under `folders`: as bytes, and inside the compressed blocks of ClickHouse's columns. */
export function searchFiles(
  folders: readonly string[],
  needles: readonly string[],
): { readonly needle: string; readonly file: string }[] {
  const found = new Map<string, { needle: string; file: string }>();
  const note = (needle: string, file: string): void => void found.set(`${needle} ${file}`, { needle, file });
  const scratch = mkdtempSync(join(tmpdir(), 'telltale-search-'));
  try {
    const compressed: string[] = [];
    for (const [file, bytes] of readFiles(folders)) {
      const blocks = readColumnBlocks(bytes);
      for (const needle of needles)
        if ([bytes, ...(blocks?.plain ?? [])].some((part) => part.includes(needle))) note(needle, file);
      if (blocks && blocks.zstd.length > 0) {
        writeFileSync(join(scratch, `${compressed.length}.zst`), blocks.zstd);
        compressed.push(file);
      }
    }
    if (compressed.length === 0) return [...found.values()];
    writeFileSync(join(scratch, 'needles.json'), JSON.stringify(needles));
    const answer = execFileSync(process.execPath, [programFile(), scratch, join(scratch, 'needles.json')], {
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    const held = Object.entries(JSON.parse(answer) as Record<string, string[]>);
    if (held.length !== compressed.length)
      throw new Error(`only ${held.length} of ${compressed.length} compressed files were read`);
    for (const [name, has] of held) for (const needle of has) note(needle, compressed[Number.parseInt(name, 10)] ?? name);
    return [...found.values()];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
