import { type WasteRule } from '@telltale/contracts';
import { type Random } from '@telltale/simulator';
import { type ConversationScript, wordsOf } from './conversation-script';

/** A service with waste that only shows over many turns, or one that looks like it. */
export interface PlantedService {
  readonly name: string;
  readonly rule: WasteRule | null;
  readonly sessions: number;
  write(conversation: ConversationScript, random: Random, nth: number): void;
}

const REFUSAL = "I'm sorry, but I can't help with that.";
interface Arm {
  readonly model: string;
  readonly reasoning?: number;
  readonly answered: number;
}
/** A turn of one of two arms; the second has every `every`th. */
const oneOf = (arms: readonly [Arm, Arm], every: number): PlantedService['write'] =>
  (talk, random, nth) => {
    const { model, reasoning, answered } = arms[nth % every === 0 ? 1 : 0];
    const says = random.chance(answered) ? `Order ${random.hex(4)} is cancelled.` : REFUSAL;
    const turn = talk.turn(`Please cancel my order ${random.int(1_000, 9_999)}.`);
    turn.llm({ model, given: wordsOf(random, 300), input: random.int(800, 1_200), output: random.int(60, 120), says, ...(reasoning !== undefined && { reasoning }) });
    turn.end(says);
  }; // prettier-ignore

const LARGE: Arm = { model: 'gpt-4o', answered: 0.95 };
const REASONING: Arm = { model: 'o3', reasoning: 900, answered: 0.95 };

export const PLANTED_IN_SERVICES: readonly PlantedService[] = [
  { name: 'a cheaper model does as well', rule: 'model_too_large', sessions: 1_200, write: oneOf([LARGE, { model: 'gpt-4o-mini', answered: 0.95 }], 2) },
  { name: 'a cheaper model does worse', rule: null, sessions: 1_200, write: oneOf([LARGE, { model: 'gpt-4o-mini', answered: 0.7 }], 2) },
  { name: 'a cheaper model that was hardly tried', rule: null, sessions: 600, write: oneOf([LARGE, { model: 'gpt-4o-mini', answered: 0.95 }], 30) },
  { name: 'reasoning that changes nothing', rule: 'reasoning_without_gain', sessions: 1_200, write: oneOf([REASONING, { ...REASONING, reasoning: 0 }], 2) },
  { name: 'reasoning that helps', rule: null, sessions: 1_200, write: oneOf([REASONING, { ...REASONING, reasoning: 0, answered: 0.7 }], 2) },
]; // prettier-ignore
