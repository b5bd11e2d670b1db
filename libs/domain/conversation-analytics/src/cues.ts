import { ANSWER_PHRASES, type AnswerCue, REQUEST_PHRASES, type RequestCue, UNSPACED_REQUEST_PHRASES } from './cue-phrases';

export type TurnCue = RequestCue | AnswerCue;

/** Where people say how they fare: a long text is a document that they paste. */
const MAX_REQUEST = 1_000;
const MAX_ANSWER = 1_000;

const REQUEST_CUES: readonly RequestCue[] = ['correction', 'complaint', 'asks_for_person', 'thanks', 'farewell'];
const ANSWER_CUES: readonly AnswerCue[] = ['apology', 'says_it_failed'];

const wholeWords = (phrases: readonly string[]): string => `(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`;

/** One expression for each cue, over all languages: a short text shows no language. */
function expressionsOf<Cue extends string>(
  cues: readonly Cue[],
  spaced: Readonly<Record<string, Readonly<Record<Cue, readonly string[]>>>>,
  unspaced: Readonly<Record<string, Readonly<Record<Cue, readonly string[]>>>>,
): readonly (readonly [Cue, RegExp])[] {
  const all = (of: typeof spaced, cue: Cue): string[] => Object.values(of).flatMap((phrases) => phrases[cue]);
  return cues.map((cue) => [cue, new RegExp([wholeWords(all(spaced, cue)), ...all(unspaced, cue)].join('|'), 'u')]);
}
const IN_REQUEST = expressionsOf(REQUEST_CUES, REQUEST_PHRASES, UNSPACED_REQUEST_PHRASES);
const IN_ANSWER = expressionsOf(ANSWER_CUES, ANSWER_PHRASES, {});

/** What the words of a request and of its answer show of how it goes; both may be redacted. */
export function cuesOf(request: string, answer: string): TurnCue[] {
  const [asked, said] = [request.slice(0, MAX_REQUEST).toLowerCase(), answer.slice(0, MAX_ANSWER).toLowerCase()];
  return [
    ...IN_REQUEST.flatMap(([cue, words]) => (words.test(asked) ? cue : [])),
    ...IN_ANSWER.flatMap(([cue, words]) => (words.test(said) ? cue : [])),
  ];
}
