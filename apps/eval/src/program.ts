import { createRootCommand, type Io, printJson, UsageError, withExample, withJson } from '@telltale/cli';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateBudgets } from './budgets/budgets';
import { evaluateCalibration } from './calibration';
import { evaluateCompare } from './compare/evaluate-compare';
import { evaluateCosts } from './costs/costs';
import { evaluateExplain } from './explain/explain';
import { evaluateFleet } from './fleet';
import { evaluateFriction } from './friction/evaluate-friction';
import { evaluateNab } from './nab';
import { evaluateNames } from './names/names';
import { evaluateNormalize } from './normalize';
import { evaluatePriceData } from './prices';
import { evaluatePrivacy } from './privacy';
import { evaluateSecrets } from './secrets/secrets';
import { evaluateSeries } from './series';
import { evaluateTemplates } from './templates';
import { evaluateUsage } from './usage';
import { evaluateTiers } from './tiers';
import { evaluateVerbosity } from './verbosity/verbosity';
import { evaluateSharedFaults } from './shared-faults/shared-faults';
import { evaluateSessions } from './sessions/sessions';
import { evaluateTurns } from './turns/turns';
import { printFigures } from './figures';
import { evaluatePetshop } from './rootcause/petshop';
import { evaluateRootcause } from './rootcause/rootcause';

interface Evaluation {
  readonly name: string;
  readonly about: string;
  readonly data?: string;
  /** It has figures without data too. */
  readonly isDataOptional?: boolean;
  /** Its own folder in a folder of all data; either may be given. */
  readonly folder?: string;
  readonly options?: readonly Option[];
  /** Answers one object of figures. */
  run(path: string, options: Readonly<Record<string, unknown>>): Promise<object>;
}

const between = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value < most)) throw new InvalidArgumentError(`give a number from ${least} up to ${most}`);
  return value;
}; // prettier-ignore

const SERIES_OPTIONS = [
  new Option('--warmup <share>', 'part of each series that is seen first and not counted').argParser(between(0, 1)).default(0),
  new Option('--rest <hours>', 'another cooldown than the service has, for figures that rank rows').argParser(between(0, 1_000)),
];
const evaluateSeriesWith = (path: string, { warmup, rest }: Readonly<Record<string, unknown>>): Promise<object> =>
  evaluateSeries(path, { warmup: Number(warmup), ...(rest !== undefined && { restHours: Number(rest) }) });

const EVALUATIONS: readonly Evaluation[] = [
  {
    name: 'nab',
    about: 'the Numenta Anomaly Benchmark in one frozen configuration, without look-ahead',
    data: 'folder with data/ and labels/ of the benchmark',
    folder: 'nab',
    run: evaluateNab,
  },
  {
    name: 'cloud-monitoring',
    about: 'labeled series of cloud services: what is found, and how often it cries wolf',
    data: 'folder of CSV files, timestamp,value,label',
    folder: 'cloud-monitoring',
    options: SERIES_OPTIONS,
    run: evaluateSeriesWith,
  },
  {
    name: 'series',
    about: 'the same figures over series of your own',
    data: 'folder of CSV files, timestamp,value[,label]',
    options: SERIES_OPTIONS,
    run: evaluateSeriesWith,
  },
  {
    name: 'fleet',
    about: 'a simulated fleet with planted faults and clean days, through the scorer as it runs',
    run: () => evaluateFleet(),
  },
  {
    name: 'shared-faults',
    about:
      'faults of a provider and of a tool that several services call, and of one of these services, from events to incidents',
    run: () => evaluateSharedFaults(),
  },
  {
    name: 'calibration',
    about: 'how often normal noise of many kinds looks as rare as the detector says, by channel and rate',
    run: () => evaluateCalibration(),
  },
  {
    name: 'privacy',
    about: 'what redaction finds in labeled sentences, by type, and MB/s of chat messages that all differ, on one core',
    data: 'file of sentences with labeled spans, or the folder it lies in; conversations in tau-airline/ beside that are the chat',
    folder: 'pii',
    run: evaluatePrivacy,
  },
  {
    name: 'names',
    about:
      'what redaction finds of people, places, organizations and numbers planted in sentences of many scripts, and what it masks where there are none',
    run: () => evaluateNames(),
  },
  {
    name: 'secrets',
    about:
      'what redaction finds of values of the forms of public rules, in assignments and in chat, and what it masks where there are none',
    data: 'folder of all data: logs in loghub/ and conversations in tau-airline/ are the texts without secrets; else $TELLTALE_DATA',
    isDataOptional: true,
    run: (path) => evaluateSecrets(path),
  },
  {
    name: 'templates',
    about: 'how well log lines are grouped, and how fast',
    data: 'folder of log sets with structured CSV files',
    folder: 'loghub',
    run: evaluateTemplates,
  },
  {
    name: 'prices',
    about: 'bills that are known, and prices of real usage; or our price table against a published list',
    data: "folder with billing-anchor-cases.json and genai-prices-usages.json; or a file: LiteLLM's model_prices_and_context_window.json, genai-prices' data.json",
    folder: 'prices',
    run: evaluatePriceData,
  },
  {
    name: 'tiers',
    about: 'our factors of batch, flex and priority against a list with prices per model and tier',
    data: 'model_prices_and_context_window.json, as LiteLLM publishes it, or its folder',
    run: evaluateTiers,
  },
  {
    name: 'normalize',
    about: 'what is recognized of stored spans, by framework',
    data: 'folder of stored spans',
    folder: 'spans',
    run: evaluateNormalize,
  },
  {
    name: 'usage',
    about: 'token counts that are estimated, against those that providers reported',
    data: 'folder of stored spans with content and usage',
    folder: 'spans',
    run: (path) => evaluateUsage(path),
  },
  {
    name: 'turns',
    about: 'turns and sessions of a simulated fleet and of stored traces, sent in pieces, against a recount of all events',
    data: 'folder of stored spans',
    folder: 'spans',
    run: evaluateTurns,
  },
  {
    name: 'sessions',
    about: 'conversations cut into calls of models that name no session and no user, and put together again by their messages',
    data: 'file of conversations in the form of tau-bench, or the folder it lies in',
    folder: 'tau-airline',
    run: evaluateSessions,
  },
  {
    name: 'explain',
    about:
      'which step of failed conversations is named and why, against labels and beside guesses by position, and what is claimed of those that went well',
    data: 'conversations in openai-chat form: a file of JSON or of lines of JSON, or a folder of such files; those of tau-bench say which calls were right',
    folder: 'tau-airline',
    options: [
      new Option(
        '--labels <file>',
        'JSON or lines of JSON: {conversation, step, category}; step is the 0-based index of the message',
      ),
    ],
    run: evaluateExplain,
  },
  {
    name: 'costs',
    about: 'planted waste and spikes of every kind and what looks like them, bills, and whether spend is exact',
    run: () => evaluateCosts(),
  },
  {
    name: 'budgets',
    about: "how often the 80 % interval of a month's forecast holds the sum at its end, by how spend behaves",
    data: 'folder of all data: rides in nab/ are days that nobody simulated; else $TELLTALE_DATA',
    isDataOptional: true,
    run: (path) => evaluateBudgets(path),
  },
  {
    name: 'friction',
    about:
      'how friction separates conversations that failed from those that did not, beside counts of turns and errors, and how right the risk of leaving is',
    data: 'file of conversations in the form of tau-bench with rewards, or the folder it lies in',
    folder: 'tau-airline',
    run: evaluateFriction,
  },
  {
    name: 'compare',
    about: 'comparisons without an effect and with a planted one: how often they find one, hold it, and how far off they are',
    run: () => evaluateCompare(),
  },
  {
    name: 'rootcause',
    about:
      'planted faults of many kinds among distractors, and no faults: whether the cause is found, and how sure it says it is',
    options: [
      new Option('--cases <count>', 'how many').argParser(between(1, 10_001)).default(200),
      new Option('--first-seed <seed>', 'seeds from here on; weights were fitted on some up to 1,100').argParser(between(1, 1_000_001)).default(1_101), // prettier-ignore
      new Option('--fit', 'also fit the weights of the confidence to these seeds'),
    ],
    run: (_, { cases, firstSeed, fit }) =>
      evaluateRootcause({ cases: Math.floor(Number(cases)), firstSeed: Math.floor(Number(firstSeed)), fit: fit === true }),
  },
  {
    name: 'petshop',
    about: 'real faults injected into microservices: from which component they came, by the code that looks within turns',
    data: 'folder of PetShop root cause data: of one traffic scenario, or the one above; else $TELLTALE_DATA',
    isDataOptional: true,
    folder: 'petshop',
    run: evaluatePetshop,
  },
  {
    name: 'verbosity',
    about:
      'what an SDK saves and keeps of turns that go wrong beside a fixed sample, how fast it obeys, and what becomes of forged directives',
    run: () => evaluateVerbosity(),
  },
];

/** The evaluation's own folder in `path` where there is one. UsageError when there is nothing at `path`. */
function within(path: string, folder: string | undefined): string {
  if (!existsSync(path)) throw new UsageError(`--data ${path}: there is no such file or folder`, 'give a path that can be read');
  return folder !== undefined && existsSync(join(path, folder)) ? join(path, folder) : path;
}

export function createEvalProgram(io: Io): Command {
  const { root, finish } = createRootCommand('telltale eval', io);
  withExample(
    root.description('accuracy on labeled data, each with figures as JSON'),
    'telltale eval privacy --data "$TELLTALE_DATA" --json',
  );
  for (const { name, about, data, isDataOptional, folder, options = [], run } of EVALUATIONS) {
    const command = root.command(name).description(about);
    if (data && isDataOptional) command.option('--data <path>', data);
    else if (data) command.requiredOption('--data <path>', data);
    for (const option of options) command.addOption(option);
    withExample(withJson(command), `telltale eval ${name}${data ? ` --data ./${folder ?? name}` : ''} --json`).action(
      async ({ data: path, json, ...rest }: { data?: string; json?: boolean }) => {
        const given = path ?? (isDataOptional ? io.env['TELLTALE_DATA'] : undefined);
        const figures = await run(given === undefined ? '' : within(given, folder), rest);
        if (json) printJson(io, figures);
        else printFigures(io, figures);
      },
    );
  }
  return finish();
}
