import { type Command } from 'commander';
import { createProgram } from './program';
import { createIo, type Terminal } from './terminal/io';

/** Every command below one, with all of theirs. */
const below = (command: Command): Command[] => [command, ...command.commands.flatMap(below)];

describe('the command line', () => {
  it('takes no secret as an option', () => {
    const nothing = (): void => undefined;
    const terminal: Terminal = { out: nothing, err: nothing, isOutTty: false, isErrTty: false, columns: 80, env: {}, signal: new AbortController().signal }; // prettier-ignore
    const commands = below(createProgram(createIo(terminal), terminal));
    expect(commands.length).toBeGreaterThan(30);
    const takers = commands.flatMap((command) => command.options.filter(({ required, optional }) => required || optional).map(({ flags }) => `${command.name()} ${flags}`)); // prettier-ignore
    expect(takers.length).toBeGreaterThan(30);
    // Arguments of a process are seen by everybody on its machine.
    expect(takers.filter((taker) => /password|secret|token|key|credential/i.test(taker))).toEqual([]);
  });
});
