import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { type ConversationDefaults, IMPORT_FORMATS, type ImportFormat } from '../import/batches';
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

/** A model without which conversations that name none have no price. */
function defaultsOf({ format, model, provider }: ConversationDefaults & { readonly format: ImportFormat }): ConversationDefaults {
  const given = Object.entries({ model, provider }).filter((one): one is [string, string] => one[1] !== undefined);
  for (const [name, value] of given) {
    if (format !== 'openai-chat') throw new UsageError(`--${name} is of no use with --format ${format}`, 'leave it out');
    if (value.trim() === '') throw new UsageError(`--${name} is empty`, 'give a name, or leave it out');
  }
  return Object.fromEntries(given.map(([name, value]) => [name, value.trim()]));
}

export function registerImport(program: Command, io: Io): void {
  withJson(
    program
      .command('import <files...>')
      .description(
        'send files of conversations, events, OTLP requests or a Langfuse export (.gz too), and wait until they can be queried',
      )
      .addOption(new Option('--format <format>', 'what the file holds').choices(IMPORT_FORMATS).makeOptionMandatory())
      .option('--service <name>', 'langfuse: the service of records that name none (default: imported)')
      .option('--model <name>', 'openai-chat: the model of conversations that name none, by which they are priced')
      .option('--provider <name>', 'openai-chat: the provider of conversations that name none'),
  ).action(
    async (paths: string[], options: ConversationDefaults & { format: ImportFormat; service?: string; json?: boolean }) => {
      const { format } = options;
      const service = serviceOf(options);
      const defaults = defaultsOf(options);
      const report = await withClient(io, ['all'], (client) => importFiles(io, client, paths, { format, service, defaults }));
      if (report.rejected > 0 || report.dlq > 0) process.exitCode = EXIT_FAILED;
      if (options.json) return printJson(io, report);
      const { sessions, turns, llm, tool, tool_errors, failed_scores, events } = report;
      printTable(io, [
        { sessions, turns, llm, tool, 'tool errors': tool_errors, 'failed scores': failed_scores, 'all events': events },
      ]);
      if (report.already_stored > 0) note(io, `${report.already_stored} were stored already and are not counted again`);
      if (report.rejected > 0)
        note(io, `${report.rejected} refused:\n${report.rejections.map((line) => `  ${line}`).join('\n')}`);
      if (report.rejected > report.rejections.length) note(io, `  and ${report.rejected - report.rejections.length} more`);
      if (report.dlq > 0) note(io, `${report.dlq} in the DLQ (${Object.entries(report.dlq_reasons).map(([reason, n]) => `${n} ${reason}`).join(', ')}); see: telltale dlq list`); // prettier-ignore
      note(io, `${report.seconds} s; ask on: telltale query "SELECT kind, count() FROM events GROUP BY kind"`);
    },
  );
}
