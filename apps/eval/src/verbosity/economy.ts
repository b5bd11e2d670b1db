import { createSubject, NO_OPERATION, type SdkRecord, type Subject } from '@telltale/sdk-node';
import { createDice, type Dice, hashId } from '@telltale/kernel';
import { createSimulatedSdk, type SimulatedSdk } from './simulated-sdk';

/**
 * A bot whose turns are all alike but for what goes wrong in some, through the SDK as it runs, in simulated time. What is sent of each turn is
 * compared with what happened, and with a sample of a tenth of all turns that knows nothing of what goes wrong.
 */
export interface EconomyFigures {
  readonly turns: number;
  readonly bad_turns: number;
  /** Bytes that were not sent, of those of all records with all content. */
  readonly bytes_saved_share: number;
  /** Of the turns that failed or took long, those of which every record was sent. */
  readonly bad_turns_whole_share: number;
  readonly fixed10_bad_turns_whole_share: number;
  readonly fixed10_bytes_saved_share: number;
  /** Greatest error of a count of turns, calls of tools, calls of models or log lines that is made of what was sent, with its weights. */
  readonly weight_error_share: number;
}

const KEEP = 0.05;
const FIXED = 0.1;
const SLOW_MS = 8_000;
const TURN_MS = 1_500;
const TOOLS = ['search', 'book', 'pay'] as const;
const FAILS = 0.002;
/** Of all turns, those in which a tool is eight times as slow, in one stretch, and those in which it fails, in another. */
const SLOW_STRETCH = [0.4, 0.41] as const;
const FAILING_STRETCH = [0.7, 0.71] as const;
const DEBUG_LINES = 24;

type Kind = SdkRecord['kind'];
const text = (length: number): string => 'Order 4711 is on its way. '.repeat(Math.ceil(length / 26)).slice(0, length);
const LLM_INPUT = text(2_000);
const LLM_OUTPUT = text(800);
const RESULT = text(600);
const LINE = text(160);

function recordOf(kind: Kind, subject: Subject, at: number, over: Partial<SdkRecord>): SdkRecord {
  return {
    kind, rank: 9, isLog: false, severity: null, isExempt: false, isFailure: false, hasContent: false, bytes: 300, at, spanId: hashId(16, subject.traceId, kind, at), parentSpanId: '',
    logger: '', operation: NO_OPERATION, subject, fields: {}, attributes: null, content: null, ...over,
  }; // prettier-ignore
}

const INFO_RANK = 2;
const DEBUG_RANK = 1;

/** The records of one turn, each at its time after the start. */
function* turnOf(subject: Subject, start: number, dice: Dice, share: number): Generator<SdkRecord> {
  let at = start;
  const log = (rank: number, severity: 'info' | 'debug'): SdkRecord =>
    recordOf('log', subject, at, { isLog: true, severity: rank as SdkRecord['severity'], rank: rank as SdkRecord['rank'], logger: 'bot', bytes: 260, fields: { severity, body: LINE } }); // prettier-ignore
  for (const [i, name] of TOOLS.entries()) {
    yield recordOf('llm', subject, (at += TURN_MS / 6), { operation: { ...NO_OPERATION, kind: 'llm', name: 'chat', model: 'gpt-4o' }, hasContent: true, bytes: 3_200, fields: { name: 'chat', duration_ms: TURN_MS / 6 }, content: { input: LLM_INPUT, output: LLM_OUTPUT } }); // prettier-ignore
    for (let line = 0; line < DEBUG_LINES / TOOLS.length; line++) yield log(DEBUG_RANK, 'debug');
    const isSlow = i === 0 && share >= SLOW_STRETCH[0] && share < SLOW_STRETCH[1];
    const ms = (TURN_MS / 6) * Math.exp(0.3 * dice.normal()) * (isSlow ? 40 : 1);
    const failsNow = dice.uniform() < (i === 1 && share >= FAILING_STRETCH[0] && share < FAILING_STRETCH[1] ? 0.3 : FAILS);
    yield recordOf('tool', subject, (at += ms), {
      operation: { kind: 'tool', name, toolName: name, model: '' }, isExempt: failsNow, isFailure: failsNow, hasContent: true, bytes: 1_000,
      fields: { name, duration_ms: ms, status: failsNow ? 'error' : 'ok', tool: { name } }, content: { tool_arguments: LINE, tool_result: RESULT },
    }); // prettier-ignore
    yield log(INFO_RANK, 'info');
  }
  yield recordOf('turn', subject, at, { operation: { ...NO_OPERATION, kind: 'turn', name: 'answer' }, hasContent: true, bytes: 900, fields: { name: 'answer', duration_ms: at - start }, content: { input: LINE, output: LINE } }); // prettier-ignore
}

const KINDS = ['turn', 'tool', 'llm', 'log'] as const;
type Counts = Record<(typeof KINDS)[number], number>;
const none = (): Counts => ({ turn: 0, tool: 0, llm: 0, log: 0 });
/** Lines of the baseline's severity: debug lines are sent of bad turns alone, and are no sample. */
const isCounted = (kind: string, severity: string | undefined): boolean => kind !== 'log' || severity === 'info';

export function evaluateEconomy(turns: number): EconomyFigures {
  const dice = createDice(20_261_129);
  const sizes = new Map<string, number>();
  const truth = none();
  const weighted = none();
  let sentOfTurn = 0;
  let sentBytes = 0;
  let allBytes = 0;
  let fixedBytes = 0;
  let [bad, whole, fixedWhole] = [0, 0, 0];

  const sdk: SimulatedSdk = createSimulatedSdk({ keep: KEEP, slowTurnMs: SLOW_MS }, (event, bytes) => {
    sentOfTurn++;
    sentBytes += bytes;
    if (isCounted(event.kind, event.severity)) weighted[event.kind as keyof Counts] += event.sampling_weight ?? 1;
  });
  /** Records of a kind are as large as each other. */
  function sizeOf(record: SdkRecord): number {
    const key = `${record.kind} ${record.fields.severity ?? ''}`;
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const size = sdk.sizeOf(record);
    sizes.set(key, size);
    return size;
  }

  for (let n = 0; n < turns; n++) {
    const subject = createSubject(hashId(32, 'turn', n), `session ${n % 1_000}`, '');
    const turn = sdk.open(subject);
    const start = sdk.now();
    sentOfTurn = 0;
    let [made, bytes, isBad] = [0, 0, false];
    for (const record of turnOf(subject, start, dice, n / turns)) {
      sdk.passTo(record.at);
      sdk.take(record, turn);
      made++;
      bytes += sizeOf(record);
      if (record.isFailure) isBad = true;
      if (isCounted(record.kind, record.fields.severity)) truth[record.kind as keyof Counts]++;
    }
    turn.close();
    if (sdk.now() - start > SLOW_MS) isBad = true;
    allBytes += bytes;
    const isFixed = (subject.hash() ?? 1) < FIXED;
    if (isFixed) fixedBytes += bytes;
    if (isBad) {
      bad++;
      // A turn of which more was sent than made would be sent twice.
      if (sentOfTurn === made) whole++;
      if (isFixed) fixedWhole++;
    }
  }
  const errors = KINDS.map((kind) => Math.abs(weighted[kind] - truth[kind]) / truth[kind]);
  const round = (value: number): number => Number(value.toFixed(4));
  return {
    turns,
    bad_turns: bad,
    bytes_saved_share: round(1 - sentBytes / allBytes),
    bad_turns_whole_share: round(whole / bad),
    fixed10_bad_turns_whole_share: round(fixedWhole / bad),
    fixed10_bytes_saved_share: round(1 - fixedBytes / allBytes),
    weight_error_share: round(Math.max(...errors)),
  };
}
