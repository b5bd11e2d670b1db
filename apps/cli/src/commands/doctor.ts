import { type Command } from 'commander';
import { examine } from '../doctor/checks';
import { EXIT_FAILED } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, withJson } from './command';

export function registerDoctor(program: Command, io: Io): void {
  withJson(
    program.command('doctor').description('look whether Telltale can run here, and say what to do where it cannot'),
  ).action(async ({ json }: { json?: boolean }) => {
    const findings = await examine(io);
    const failures = findings.filter(({ state }) => state === 'failed');
    if (failures.length > 0) process.exitCode = EXIT_FAILED;
    if (json) return printJson(io, { ok: failures.length === 0, findings });
    printTable(io, findings.map(({ check, state, found }) => ({ check, state, found }))); // prettier-ignore
    for (const { check, fix } of findings) if (fix !== '') note(io, `${check}: ${fix}`);
    note(io, failures.length === 0 ? 'ready' : `${failures.length} to mend`);
  });
}
