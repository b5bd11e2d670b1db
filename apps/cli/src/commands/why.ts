import { type Operations } from '@telltale/api-client';
import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, type Register, withExample, withJson } from './command';

type WhyAnswer = Operations['why']['answer'];

const percent = (share: number | null | undefined): string => (share == null ? 'not measured' : `${Math.round(100 * share)} %`);

/** Causes in words, what they rest on, and what was ruled out. */
function printWhy(io: Io, { question, answer, onset, causes, ruled_out: ruledOut, moved, notes }: WhyAnswer): void {
  io.out(question);
  io.out(answer);
  if (onset != null) io.out(`began ${onset}`);
  if (causes.length > 0) {
    io.out('');
    printTable(
      io,
      causes.map(({ sentence, confidence }, i) => ({ '#': i + 1, confidence: percent(confidence), cause: sentence })),
    );
  }
  if (ruledOut.length > 0) {
    io.out('');
    printTable(io, ruledOut.map(({ dimension, value, reason }) => ({ 'ruled out': `${dimension} ${value}`, why: reason }))); // prettier-ignore
  }
  if (moved.length > 0) {
    io.out('');
    printTable(io, moved, ['operation', 'share', 'deviations', 'before', 'after']);
  }
  for (const line of notes) note(io, line);
  const [bad, good] = [causes[0]?.evidence.bad[0], causes[0]?.evidence.good[0]];
  if (bad !== undefined) note(io, `a bad turn: telltale turns show ${bad}`);
  if (good !== undefined) note(io, `one like it that went well: telltale turns show ${good}`);
}

export function registerIncidentWhy(incidents: Command, io: Io): void {
  withJson(
    incidents.command('why <id>').description('why it happened: probable causes with evidence, and what was ruled out'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.whyIncident({ id }));
    if (json) printJson(io, answer);
    else printWhy(io, answer);
  });
}

interface WhyOptions {
  readonly service?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

export const registerWhy: Register = (program, io) => {
  const why = program
    .command('why')
    .description('why something is as it is: the id of an incident, anomaly, series, turn or session, or a question in words')
    .argument('<about...>', 'an id, or words')
    .option('--service <name>', 'only of this service; for a question in words')
    .option('--since <time>', 'when it began, roughly: an age such as 2h, or ISO 8601; for a question in words')
    .option('--until <time>', 'first moment that is not looked at; for a question in words');
  withExample(withJson(why), 'telltale why is the support bot slow', 'telltale why "did cost double since yesterday"', 'telltale why 4f0c2b1e9d').action(
    async (about: string[], { json, ...options }: WhyOptions) => {
      const answer = await withClient(io, ['insights'], ({ api }) => api.why({ about: about.join(' '), ...options }));
      if (json) printJson(io, answer);
      else printWhy(io, answer);
    },
  ); // prettier-ignore
};
