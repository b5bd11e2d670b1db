/** Verbs that tools are named by, in groups of one meaning. */
const GROUPS: Readonly<Record<string, string>> = {
  read: 'get find search list look lookup fetch read check query calculate compute think count show describe validate verify retrieve view browse estimate quote compare open load inspect summarize',
  hand_over: 'transfer handoff handover escalate',
  cancel: 'cancel abort revoke terminate void delete remove unsubscribe close erase drop',
  change:
    'update modify change edit set add upgrade downgrade move rename reschedule adjust assign toggle enable disable grant increase decrease apply',
  create:
    'book create reserve order place purchase buy register insert submit open_ticket start generate write schedule subscribe',
  exchange: 'exchange swap replace',
  return: 'return',
  refund: 'refund reimburse compensate credit',
  send: 'send issue email notify post publish message',
  pay: 'pay charge bill transfer_money',
};
const GROUP_OF = new Map(
  Object.entries(GROUPS).flatMap(([group, words]) => words.split(' ').map((word) => [word, group] as const)),
);

/** `cancelled`, `booking`, `modified` → the verb as tools write it. */
function stemsOf(word: string): string[] {
  const cut = [word];
  if (word.endsWith('ied')) cut.push(`${word.slice(0, -3)}y`);
  for (const ending of ['ed', 'd', 'ing', 's', 'es', 'lation', 'ation', 'ment', 'sion', 'tion'])
    if (word.endsWith(ending) && word.length - ending.length >= 3) {
      const stem = word.slice(0, -ending.length);
      cut.push(stem, `${stem}e`);
      if (stem.at(-1) === stem.at(-2)) cut.push(stem.slice(0, -1));
    }
  return cut;
}
/** A map: people may say any word, `constructor` too. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['sent', 'send'],
  ['paid', 'pay'],
  ['bought', 'buy'],
  ['made', 'change'],
  ['got', 'get'],
  ['found', 'find'],
]);

/** The group of a verb in any of its forms: `cancelled` → cancel; undefined for other words. */
export function verbGroup(word: string): string | undefined {
  for (const stem of stemsOf(IRREGULAR.get(word) ?? word)) {
    const group = GROUP_OF.get(stem);
    if (group !== undefined) return group;
  }
  return undefined;
}

export const wordsOfName = (name: string): string[] =>
  name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean); // prettier-ignore

/** What a tool does, by the first verb of its name; 'other' where it names none. */
export function toolGroup(tool: string): string {
  for (const word of wordsOfName(tool)) {
    const group = GROUP_OF.get(word);
    if (group !== undefined) return group;
  }
  return 'other';
}

/** Whether it changes something outside of the conversation. */
export const isWrite = (tool: string): boolean => !['read', 'hand_over', 'other'].includes(toolGroup(tool));
export const isHandOver = (tool: string): boolean => toolGroup(tool) === 'hand_over';
