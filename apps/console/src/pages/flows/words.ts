/** What a user wants and how the turn ended. */
export interface State {
  readonly intent: string;
  readonly outcome: string;
}
export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** All intents beyond the most frequent ones. */
export const OTHER = 'other';

export const intentName = (intent: string): string => (intent === '' ? '(no words)' : intent === OTHER ? 'other wishes' : intent);
export const stateName = ({ intent, outcome }: State): string => `${intentName(intent)}, ${outcome}`;

const TONES: Readonly<Record<string, Tone>> = { error: 'bad', abandoned: 'warn', refused: 'warn', transferred: 'warn' };
export const toneOf = (outcome: string): Tone => TONES[outcome] ?? 'quiet';

/** A state as the API takes it; null where it stands for several, whose sessions cannot be asked for. */
export const stateParam = ({ intent, outcome }: State): string | null => (intent === OTHER ? null : `${intent}/${outcome}`);
