import { ACL_PROCESSES } from '@telltale/services';
import { type Command } from 'commander';
import { examine } from '../doctor/checks';
import { type Finding } from '../doctor/finding';
import { EXIT_FAILED, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, withExample, withJson } from './command';
import { VERSION } from './version';

/** What a program reads: every check by its name. */
export const asJson = (findings: readonly Finding[]) => ({
  ok: findings.every(({ state }) => state !== 'failed'),
  ...Object.fromEntries(findings.map(({ check, state, found, fix }) => [check, { state, found, fix }])),
});

export function registerDoctor(program: Command, io: Io): void {
  withExample(
    withJson(
      program
        .command('doctor')
        .description('look whether Telltale can run here, with its Kafka and ClickHouse, and say what to do where it cannot')
        .option(
          '--process <name>',
          'the process whose rights in Kafka are looked at; otherwise which processes can run as this user',
        ),
    ),
    'telltale doctor --json',
    'telltale doctor --process enricher',
  ).action(async ({ json, process: of }: { json?: boolean; process?: string }) => {
    if (of !== undefined && !ACL_PROCESSES.includes(of))
      throw new UsageError(`there is no process ${of}`, `give one of ${ACL_PROCESSES.join(', ')}`);
    const findings = await examine(io, VERSION, of);
    const answer = asJson(findings);
    const failures = findings.filter(({ state }) => state === 'failed');
    if (!answer.ok) process.exitCode = EXIT_FAILED;
    if (json) return printJson(io, answer);
    printTable(io, findings.map(({ check, state, found }) => ({ check, state, found }))); // prettier-ignore
    for (const { check, fix } of findings) if (fix !== '') note(io, `${check}: ${fix}`);
    note(io, failures.length === 0 ? 'ready' : `${failures.length} to mend`);
  });
}
