import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One instruction of a Dockerfile, its lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export interface Stage {
  readonly name: string;
  /** Name of another stage, or of an image. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, in order. Arguments before the first FROM are put in. */
export function stagesOf(text: string): Stage[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line) && line.trim() !== '');
  const joined = lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const args = new Map<string, string>();
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of joined) {
    const [name = '', rest = ''] = line.split(/\s+(.*)/s);
    const stage = stages.at(-1);
    if (name === 'FROM') {
      const [, from = '', as = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      stages.push({ name: as, from: from.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => args.get(arg) ?? ''), instructions: [] });
    } else if (name === 'ARG' && !stage) args.set(...(rest.split(/=(.*)/s).slice(0, 2) as [string, string]));
    else stage?.instructions.push({ name, rest });
  }
  return stages;
}

/** A stage after the ones it is made from, in one list of instructions. */
export function wholeStage(stages: readonly Stage[], name: string): Instruction[] {
  const stage = stages.find((one) => one.name === name);
  return stage ? [...wholeStage(stages, stage.from), ...stage.instructions] : [];
}

export const valueOf = (instructions: readonly Instruction[], name: string): string | undefined =>
  instructions.findLast((one) => one.name === name)?.rest;

/** What is in the image's environment. */
export const environmentOf = (instructions: readonly Instruction[]): Record<string, string> =>
  Object.fromEntries(
    instructions
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ rest }) => rest.split(/\s+(?=\w+=)/).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
  );

/** Files that a build sees: those of the checkout that git knows or would add, without what .dockerignore names. */
export function contextOf(root: string): string[] {
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean); // prettier-ignore
  return files.filter(
    (file) => existsSync(join(root, file)) && !ignored.some((path) => file === path || file.startsWith(`${path}/`)),
  );
}

/**
 * Does what a build would do, in folders instead of containers: copies and runs the same commands on the same files. An image's own files
 * are those of this machine. Answers the folder that is `/` of a stage.
 */
export function runStages(root: string, stages: readonly Stage[], into: string): (name: string) => string {
  const context = contextOf(root);
  const folderOf = (name: string): string => join(into, name);
  const workdirs = new Map<string, string>();
  for (const stage of stages) {
    const home = folderOf(stage.name);
    mkdirSync(home, { recursive: true });
    if (stages.some(({ name }) => name === stage.from)) cpSync(folderOf(stage.from), home, { recursive: true, verbatimSymlinks: true });
    let inImage = workdirs.get(stage.from) ?? '/';
    for (const { name, rest } of stage.instructions) {
      if (name === 'WORKDIR') inImage = rest;
      const workdir = join(home, inImage);
      mkdirSync(workdir, { recursive: true });
      if (name === 'RUN') execFileSync('bash', ['-c', rest], { cwd: workdir, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } });
      if (name === 'COPY') copy(rest, workdir, home);
    }
    workdirs.set(stage.name, inImage);
  } // prettier-ignore

  function copy(rest: string, workdir: string, home: string): void {
    const words = rest.split(/\s+/);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const paths = words.filter((word) => !word.startsWith('--'));
    const to = paths.pop() ?? '';
    const target = to.startsWith('/') ? join(home, to) : join(workdir, to);
    for (const path of paths) {
      if (from) {
        const source = join(folderOf(from), path);
        cpSync(source, to.endsWith('/') ? join(target, basename(path)) : target, { recursive: true, verbatimSymlinks: true });
        continue;
      }
      const found = context.filter((file) => file === path || file.startsWith(`${path}/`));
      if (found.length === 0) throw new Error(`COPY ${path}: no such file in the context`);
      for (const file of found) {
        const isFile = file === path;
        const at = isFile ? (to.endsWith('/') ? join(target, basename(file)) : target) : join(target, file.slice(path.length));
        cpSync(join(root, file), at);
      }
    }
  }
  return folderOf;
}

export const removeStages = (into: string): void => rmSync(into, { recursive: true, force: true });
