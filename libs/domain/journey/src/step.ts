import { type TurnRecord } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';

/** What of a turn its conversation is judged by. */
export interface JourneyStep {
  readonly intent: string;
  readonly outcome: TurnRecord['outcome'];
  readonly cues: readonly string[];
  /** Near hash of the request; '' where it has fewer words than can be compared. */
  readonly request: string;
  /** The numbers in the request: the same question about another order is another one. */
  readonly numbers: string;
  /** Near hash of the answer; '' as above. */
  readonly answer: string;
  /** How long the answer took, ms; 0 where nobody measured it. */
  readonly waitMs: number;
  /** Calls of models and tools. */
  readonly calls: number;
  /** Calls of tools that failed. */
  readonly toolErrors: number;
}

/** `yes`, `the first one`: said again, they mean something else. */
const LEAST_WORDS = 4;
const WORD = /[\p{L}\p{N}]+/gu;
/** Of scripts without spaces a word is a phrase. */
const UNSPACED = /[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]/;
const NUMBERS = /\d+/g;
const TOOLS = ['tool', 'mcp', 'retrieval'] as const;
const WORK = ['llm', ...TOOLS] as const;

const canBeCompared = (text: string): boolean =>
  UNSPACED.test(text) ? text.length >= 2 * LEAST_WORDS : (text.match(WORD)?.length ?? 0) >= LEAST_WORDS;

/** Messages without times are taken to be so far apart: what is made of them was not waited for. */
const ORDER_MS = 1_000;
/** Whether anybody measured how long the turn took. */
const isMeasured = ({ self_time_ms: times, duration_ms: duration }: TurnRecord): boolean =>
  [duration, ...Object.values(times)].some((ms) => ms % ORDER_MS !== 0);

/** `answerHash`: near hash of the beginning of the answer. */
export function journeyStepOf(turn: TurnRecord, answerHash: string): JourneyStep {
  const { input_preview: request, output_preview: answer, errors } = turn;
  const numbers = request.match(NUMBERS);
  const calls = WORK.reduce((sum, kind) => sum + (turn.calls[kind] ?? 0), 0);
  return {
    intent: turn.intent,
    outcome: turn.outcome,
    cues: turn.cues,
    request: canBeCompared(request) ? turn.request_simhash : '',
    numbers: numbers ? hashId(8, ...numbers) : '',
    answer: canBeCompared(answer) ? answerHash : '',
    waitMs: isMeasured(turn) ? turn.duration_ms : 0,
    calls,
    toolErrors: TOOLS.reduce((sum, kind) => sum + (errors[kind] ?? 0), 0),
  };
}
