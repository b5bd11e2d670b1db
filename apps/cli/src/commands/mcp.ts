import { bridgeStdio } from '@telltale/adapter-mcp';
import { connect, connectRunning } from '../client/connect';
import { type Client } from '../client/http-client';
import { type Io } from '../terminal/io';
import { type Register, withExample } from './command';

/** A Telltale that runs for this client alone lets go of its home when nothing has been asked for so long. */
const IDLE_MS = 60_000;

/** The Telltale that runs, or one of our own over the home, for as long as somebody asks. */
function createUpstream(io: Io) {
  let own: Promise<Client> | null = null;
  let idle: NodeJS.Timeout | undefined;

  async function letGo(): Promise<void> {
    clearTimeout(idle);
    const client = own;
    own = null;
    await (await client?.catch(() => null))?.close();
  }

  async function started(): Promise<Client> {
    own ??= connect(io, ['insights']);
    try {
      return await own;
    } catch (error) {
      own = null;
      throw error;
    }
  }

  return {
    letGo,
    async client(): Promise<Client> {
      const client = own ? await started() : ((await connectRunning(io)) ?? (await started()));
      clearTimeout(idle);
      if (own) idle = setTimeout(() => void letGo(), IDLE_MS).unref();
      return client;
    },
  };
}

export const registerMcp: Register = (program, io) => {
  withExample(
    program
      .command('mcp')
      .description(
        'an MCP server on stdin and stdout, for agents that ask what their bot did (docs/MCP.md); started by their client',
      ),
    'claude mcp add telltale -- telltale mcp',
  ).action(async () => {
    const upstream = createUpstream(io);
    try {
      await bridgeStdio({
        stdin: process.stdin,
        stdout: process.stdout,
        upstream: () => upstream.client(),
        signal: io.signal,
      });
    } finally {
      await upstream.letGo();
    }
  });
};
