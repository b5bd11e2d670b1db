import { errorCodeOf } from '@telltale/kernel';
import { type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { gatherBundle } from '../support/gather';
import { CliError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, withExample, withJson } from './command';
import { VERSION } from './version';

const FILE = 'telltale-support.json.gz';
const ABOUT: Readonly<Record<string, string>> = {
  versions: 'of Telltale, Node and the machine',
  configuration: 'every variable in force; secrets only as set or not',
  doctor: 'findings of telltale doctor',
  clickhouse: 'version, migrations, rights, sizes of tables',
  folders: 'bytes of the embedded log and tables',
  topics: 'partitions, records, lag of each group',
  settings: 'without digests of keys and texts of people',
  tasks: 'state of each task',
  metrics: 'of the process that answers',
  warnings: 'warnings and errors of the log that was given',
};

function writeBundle(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') throw new CliError(`${file} exists already`, 'give another name, or move it away');
    throw new CliError(`${file} cannot be written (${String(errorCodeOf(error))})`, 'give a file you can write');
  }
}

export function registerSupportBundle(program: Command, io: Io): void {
  const command = withJson(
    program
      .command('support-bundle')
      .description('write what helps to find a fault into one file, which holds no event content and no secrets; look at it before you send it')
      .argument('[file]', 'the file to write, JSON in gzip', FILE)
      .option('--logs <file>', 'log of a process, of which warnings and errors are taken'),
  ); // prettier-ignore
  withExample(command, 'telltale support-bundle', 'telltale support-bundle case-17.json.gz --logs enricher.log').action(
    async (file: string, { logs, json }: { logs?: string; json?: boolean }) => {
      const parts = await gatherBundle(io, VERSION, logs);
      const listed = Object.entries(ABOUT).map(([part, about]) => ({ part, bytes: JSON.stringify(parts[part]).length, about }));
      const bytes = gzipSync(JSON.stringify(parts, null, 1));
      if (!json) printTable(io, listed);
      writeBundle(file, bytes);
      if (json) return printJson(io, { file, bytes: bytes.length, parts: Object.fromEntries(listed.map((one) => [one.part, one.bytes])) }); // prettier-ignore
      note(io, `${file}: ${bytes.length} bytes; look at it with: gunzip -c ${file}`);
    },
  );
}
