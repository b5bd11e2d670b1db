/** What signs of friction say, in words of people. */
const SIGNS: Readonly<Record<string, string>> = {
  no_answer: 'no answer',
  error: 'an error',
  refusal: 'refused',
  complaint: 'complains',
  repeat: 'asks the same again',
  many_calls: 'many calls for one answer',
  correction: 'corrects the bot',
  tool_error: 'a tool failed, and it shows',
  same_answer: 'the same answer again',
  long_wait: 'over a minute of waiting',
  rephrasing: 'says it in other words',
  asked_for_person: 'asks for a person',
  slow: 'over ten seconds of waiting',
  extra_turn: 'more turns than usual',
  transfer: 'handed over',
};
export const SIGN_NAMES = Object.keys(SIGNS);
export const wordsOf = (sign: string): string => SIGNS[sign] ?? sign.replaceAll('_', ' ');
