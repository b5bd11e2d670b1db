import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { IMPORT_FORMATS, type ImportFormat } from '../import/batches';
import { importFiles } from '../import/import-file';
import { EXIT_FAILED, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, withJson } from './command';

const NO_SERVICE = 'imported';

/** Other formats name their services, or have a field for it. */
function serviceOf({ format, service }: { readonly format: ImportFormat; readonly service?: string }): string {
  if (service === undefined) return NO_SERVICE;
  if (format !== 'langfuse') throw new UsageError(`--service is of no use with --format ${format}`, 'leave it out');
  if (service.trim() === '') throw new UsageError('--service is empty', 'give a name, or leave it out');
  return service.trim();
}

export function registerImport(program: Command, io: Io): void {
  withJson(
    program
      .command('import <files...>')
      .description(
        'send files of conversations, events, OTLP requests or a Langfuse export (.gz too), and wait until they can be queried',
      )
      .addOption(new Option('--format <format>', 'what the file holds').choices(IMPORT_FORMATS).makeOptionMandatory())
      .option('--service <name>', 'langfuse: the service of records that name none (default: imported)'),
  ).action(async (paths: string[], options: { format: ImportFormat; service?: string; json?: boolean }) => {
    const { format } = options;
    const service = serviceOf(options);
    const report = await withClient(io, ['all'], (client) => importFiles(io, client, paths, { format, service }));
    if (report.rejected > 0 || report.dlq > 0) process.exitCode = EXIT_FAILED;
    if (options.json) return printJson(io, report);
    const { sessions, turns, llm, tool, tool_errors, failed_scores, events } = report;
    printTable(io, [
      { sessions, turns, llm, tool, 'tool errors': tool_errors, 'failed scores': failed_scores, 'all events': events },
    ]);
    if (report.already_stored > 0) note(io, `${report.already_stored} were stored already and are not counted again`);
    if (report.rejected > 0) note(io, `${report.rejected} refused:\n${report.rejections.map((line) => `  ${line}`).join('\n')}`);
    if (report.rejected > report.rejections.length) note(io, `  and ${report.rejected - report.rejections.length} more`);
    if (report.dlq > 0) note(io, `${report.dlq} in the DLQ (${Object.entries(report.dlq_reasons).map(([reason, n]) => `${n} ${reason}`).join(', ')}); see: telltale dlq list`); // prettier-ignore
    note(io, `${report.seconds} s; ask on: telltale query "SELECT kind, count() FROM events GROUP BY kind"`);
  });
}
