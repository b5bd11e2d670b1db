import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { type Io } from '../terminal/io';
import { printJson, printTable, withJson } from './command';

export function registerTopics(program: Command, io: Io): void {
  withJson(
    program.command('topics').description('every topic: how much is in it, who writes and reads it, who is behind'),
  ).action(async (options: { json?: boolean }) => {
    const { topics } = await withClient(io, ['insights'], ({ api }) => api.listTopics());
    if (options.json) return topics.forEach((topic) => printJson(io, topic));
    printTable(
      io,
      topics.map(({ name, partitions, records, producers: writers, lag, about }) => ({
        topic: name,
        partitions,
        records,
        'written by': writers.join(', '),
        lag: Object.entries(lag).map(([group, behind]) => `${group} ${behind}`).join(', '), // prettier-ignore
        about,
      })),
    );
  });
}
