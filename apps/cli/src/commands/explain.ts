import { type Operations } from '@telltale/api-client';
import { type Client } from '../client/http-client';
import { withClient } from '../client/connect';
import { NotFoundError, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, type Register, withExample, withJson } from './command';

type Explanation = Operations['explainSession']['answer'];
type Step = Pick<Explanation['steps'][number], 'step' | 'kind' | 'text' | 'failed' | 'marked'> & {
  readonly steps: readonly unknown[];
};
interface Line {
  readonly text: string;
  readonly isMarked: boolean;
  readonly isFailed: boolean;
}

const MAX_LINES = 40;
const AROUND = 12;
const WIDTH = 160;

const linesOf = (steps: readonly Step[], depth = 0): Line[] =>
  steps.flatMap((step) => [
    { text: `${step.marked ? '▶' : step.failed ? '✗' : ' '} ${'  '.repeat(depth)}${step.step} ${step.kind} ${step.text}`, isMarked: step.marked, isFailed: step.failed },
    ...linesOf(step.steps as readonly Step[], depth + 1),
  ]); // prettier-ignore

/** The lines at the beginning, around the marked one and at the end, where there are many. */
function shortened(lines: readonly Line[]): (Line | number)[] {
  if (lines.length <= MAX_LINES) return [...lines];
  const at = Math.max(0, lines.findIndex(({ isMarked }) => isMarked)); // prettier-ignore
  const isKept = (i: number): boolean => i < 4 || i >= lines.length - 4 || Math.abs(i - at) <= AROUND;
  const shown: (Line | number)[] = [];
  for (const [i, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isKept(i)) shown.push(line);
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1;
    else shown.push(1);
  }
  return shown;
}

function printExplanation(io: Io, answer: Omit<Explanation, 'session_id'>): void {
  const width = Math.min(WIDTH, io.columns);
  io.out(`wanted: ${answer.wanted}`);
  io.out(`ended:  ${answer.ending === 'unknown' ? 'nobody judged it' : answer.ending}`);
  io.out('');
  for (const line of shortened(linesOf(answer.steps))) {
    if (typeof line === 'number') io.out(`  … ${line} more`);
    else if (line.isMarked || line.isFailed) io.out({ text: line.text.slice(0, width), colour: 'red' });
    else io.out(line.text.slice(0, width));
  }
  io.out('');
  const { root } = answer;
  if (root) {
    io.out(`▶ step ${root.step}: ${root.says} (confidence ${root.confidence})`);
    io.out(`  why: ${root.reason}`);
    io.out(`  fix: ${root.fix}`);
  } else io.out(answer.ending === 'succeeded' ? 'it went well; no step is named' : 'no step is known to be wrong');
  const rest = answer.findings.filter(({ step, reason }) => step !== root?.step || reason !== root.reason).slice(0, 4);
  for (const { step, reason } of rest) io.out(`  also step ${step}: ${reason}`);
  if (answer.similar.length > 0) {
    io.out('');
    io.out(`similar (of ${answer.compared_with} looked at):`);
    printTable(io, answer.similar, ['id', 'likeness', 'ending']);
  }
  if (answer.truncated) note(io, 'only the first events were looked at');
}

/** Asks for one after the other what an id may name. */
async function explanationOf(api: Client['api'], id: string) {
  const ways = [() => api.explainTurn({ id }), () => api.explainSession({ id }), () => api.explainError({ id })] as const;
  for (const way of ways)
    try {
      return await way();
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  throw new NotFoundError(
    'there is no turn, session or error fingerprint of this id',
    'telltale turns list and telltale sessions list show ids',
  );
}

async function printTool(io: Io, id: string, json: boolean | undefined): Promise<void> {
  const { arguments: args, ...answer } = await withClient(io, ['insights'], ({ api }) => api.getToolSchema({ id }));
  if (json) return printJson(io, { ...answer, arguments: args });
  const most = (counts: Readonly<Record<string, number>> | null): string =>
    counts === null ? 'many' : Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 4).map(([name, n]) => `${name} (${n})`).join(', '); // prettier-ignore
  io.out(
    `${answer.tool}: ${answer.calls} calls that worked; the person had agreed right before ${answer.agreed} of ${answer.unfailed}`,
  );
  io.out(`called before: ${most(answer.before)}`);
  io.out('');
  printTable(
    io,
    Object.entries(args).map(([argument, one]) => ({
      argument,
      required: one.required ? 'yes' : `${one.calls} of ${answer.calls}`,
      types: most(one.types),
      forms: most(one.forms),
      values: one.values === null || Object.keys(one.values).length > 8 ? '' : most(one.values),
      range: one.min === null ? '' : `${one.min} to ${one.max}`,
      came_from: most(one.sources),
    })),
  );
}

export const registerExplain: Register = (program, io) => {
  withExample(
    withJson(
      program
        .command('explain [id]')
        .description('why a turn, a session or an error went wrong: the step, the reason, similar cases, what to change')
        .option('--tool <name>', 'what the calls of a tool that worked have in common, instead'),
    ),
    'telltale explain SESSION_ID',
    'telltale explain --tool get_order',
  ).action(async (id: string | undefined, { tool, json }: { tool?: string; json?: boolean }) => {
    if ((id === undefined) === (tool === undefined))
      throw new UsageError(
        id === undefined ? 'nothing to explain is given' : 'an id and --tool are given',
        'give the id of a turn or session, the fingerprint of an error, or --tool with a name',
      );
    if (tool !== undefined) return printTool(io, tool, json);
    const answer = await withClient(io, ['insights'], ({ api }) => explanationOf(api, id ?? ''));
    if (json) return printJson(io, answer);
    if (!('fingerprint' in answer)) return printExplanation(io, answer);
    io.out(`${answer.message}`);
    io.out(
      `${answer.events} times in ${answer.turns} turns, ${answer.first_at} to ${answer.last_at}, in ${answer.operations.join(', ')}`,
    );
    if (!answer.explanation) return;
    io.out(`its last turn, ${answer.explanation.turn_id}:`);
    io.out('');
    printExplanation(io, answer.explanation);
  });
};
