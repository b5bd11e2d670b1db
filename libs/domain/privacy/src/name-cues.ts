import { isWordLetter } from './characters';
import { createTriples, tripleOf } from './context-keywords';
import { codeAt } from './reading';

// Cues: what the words before or after reveal about the words between.

const REACH = 30;
const OF =
  'ticket|seat|booking|reservation|order|refund|package|parcel|room|table|appointment|account|invoice|letter|flight|passport|luggage|file|profile|records?';
const ROLES =
  'mother|father|brother|sister|son|daughter|wife|husband|partner|kid|friend|colleague|boss|doctor|nurse|patient|passenger|traveler|traveller|guest|driver|manager|owner|agent|customer|client|employee|tenant|landlord|student|teacher|lawyer|attorney|witness|recipient|sender|beneficiary|spouse|assistant|neighbou?r|aunt|uncle|cousin|applicant|buyer|seller|member|holder';
const PERSON_BEFORE = new RegExp(
  String.raw`(?:\b(?:name(?:d)?(?: is|'s|\?| here is|:)?(?: user:)?|call(?:ed|s)?(?: me| him| her| them)?|mrs?\.?|ms\.?|dr\.?|prof\.?|sir|madam|dear|sincerely,|regards,|cheers,|thanks,|signed,|(?:${ROLES}),?(?: is)?|attn:?|contact:?|(?:directed|written|approved|signed|sent|handled|submitted|reported|created|reviewed|booked|paid) by:?|assigned to|addressed to|according to|behalf of|said|says|asked?|tell|told|inform|remind|notify|invite|thank|replaced|meet(?:ing)? with|speak(?:ing)? (?:to|with)|spoke (?:to|with)|talk(?:ed|ing)? (?:to|with)|follow up with|(?:${OF}) (?:of|for|under)|cc:|from:|to:|author:|add|under|starring|producer|singer)|['"]m|\bi am|\bthis is|\b(?:hi|hello|hey)\b,?)[ \t:]{0,6}["'“]?$`,
  'i',
);
const PERSON_BEFORE_CYRILLIC =
  /(?:зовут|звати|имя|фамилия|фио|клиент[ауо]?м?|пассажир|пациент|уважаем(?:ый|ая)|уважением,|господин|госпожа|пан|пані|это|ім'я):?[ \t]{1,3}["«]?$/i;
const OWNED =
  'address|name|kid|account|wife|husband|daughter|son|mother|father|brother|sister|friend|birthday|phone|e-?mail|killers|laptop|car|house|home|apartment|flat|room|desk|office hours|order|flight|ticket|passport|luggage|bag|salary|appointment|number|manager|boss|doctor|team|wedding|surgery|medication|prescription|insurance|password|booking|parcel|package|signature|lawyer|contract';
const PERSON_BEHIND = new RegExp(
  String.raw`^(?:['’]s (?:${OWNED})\b|,? (?:said|says|told|asked|replied|wrote|shouted|lives|lived|works|worked|was born|spoke|speaks|flew|had given|spent|is (?:a very|very|my|her|his|so)|moved (?:to|from)|signed|rejected|approved|complained|apologi[sz]ed|resigned|retired|emailed|phoned|texted|thinks|believes|wants|loves|was (?:admitted|very|hired|born))\b|, (?:where are|can you|could you|did you|are you|do you|will you|would you|have you)\b)`,
);
const PLACE_BEFORE =
  /\b(?:(?:live[sd]?|living|born|based|resid(?:e[sd]?|ing)|grew up|raised|located|stay(?:s|ed|ing)?|staying|studied|i'm|i am) (?:in|at|near)|(?:mov(?:e[sd]?|ing)|travel(?:s|ed|l?ing)?|fly(?:ing)?|flew|flights?|trip|returned|visit(?:s|ed|ing)?|went|coming|going|arriv(?:e[sd]?|ing)) (?:here )?(?:to|from|at|in)|originally from|come from|comes from|city of|town of|visit(?:ed|ing)?|where:|destination:)[ \t]{1,3}$/i;
const COMPANY_BEFORE =
  /\b(?:work(?:s|ed|ing)? (?:for|at)|employed (?:by|at)|(?:company|employer|organi[sz]ation|supplier|vendor)(?::| is|,)?|founded|c[eft]o (?:of|at)|invested in|office of|position at|job at|(?:hired|audited|acquired) by|joined|(?:contract|insurance|account) (?:is )?with|complaint against)[ \t]{1,3}$/i;
const COMPANY_BEHIND =
  /^(?: (?:office|website|headquarters|employees?|shares|stock|customer service)\b|['’]s (?:ceo|website|office|headquarters))/i;

export const SAYS_PERSON = 1;
export const SAYS_PLACE = 2;
export const SAYS_COMPANY = 4;
const BEFORE = new Map([[SAYS_PERSON, PERSON_BEFORE], [SAYS_PLACE, PLACE_BEFORE], [SAYS_COMPANY, COMPANY_BEFORE]]); // prettier-ignore
const AFTER = new Map([
  [SAYS_PERSON, PERSON_BEHIND],
  [SAYS_COMPANY, COMPANY_BEHIND],
]);

const keyed = (key: number, c: number): number => Math.imul(key, 31) + (c | 32);
/** Last words of the cues before a name, by their reversed letters: a prefilter for the patterns above. */
const LAST_WORDS = new Map<number, number>();
const addLastWords = (words: string, says: number): void => {
  for (const word of words.split(' ')) {
    let key = 0;
    for (let i = word.length - 1; i >= 0; i--) key = keyed(key, word.charCodeAt(i));
    LAST_WORDS.set(key, (LAST_WORDS.get(key) ?? 0) | says);
  }
};
addLastWords(
  `name named is s here user call called calls me him her them mr mrs ms dr prof sir madam dear sincerely regards cheers thanks signed ${ROLES.replaceAll('|', ' ')} neighbor neighbour attn contact by said says ask asked tell told inform remind notify invite thank replaced of for with to cc from author add under starring producer singer m am hi hello hey зовут звати имя фамилия фио клиент клиента клиенту клиентом пассажир Пассажир пациент Пациент уважаемый уважаемая Уважаемый Уважаемая уважением господин госпожа пан пані это`,
  SAYS_PERSON,
);
addLastWords('in at near to from of visit visited visiting where destination', SAYS_PLACE);
addLastWords(
  'for at by company employer organization organisation supplier vendor is founded of in joined with against',
  SAYS_COMPANY,
);

const isBetween = (c: number): boolean =>
  c === 32 || c === 9 || c === 58 || c === 34 || c === 39 || c === 44 || c === 46 || c === 63 || c === 0x201c;

/** The cues that the word before `at` may end. */
function cuesAt(at: number): number {
  let end = at;
  while (at - end < 8 && isBetween(codeAt(end - 1))) end--;
  let key = 0;
  let start = end;
  for (; end - start < 13 && isWordLetter(codeAt(start - 1)); start--) key = keyed(key, codeAt(start - 1));
  return start < end ? (LAST_WORDS.get(key) ?? 0) : 0;
}

/** First letters that may follow a space. */
const BEHIND = createTriples({
  [SAYS_PERSON]: 'sai|say|tol|ask|rep|wro|sho|liv|wor|was|spo|spe|fle|had|is |mov|sig|rej|app|com|apo|res|ret|ema|pho|tex|thi|bel|wan|lov|whe|can|cou|did|are|do |wil|hav', // prettier-ignore
  [SAYS_COMPANY]: 'off|web|hea|emp|sha|sto|cus',
});
/** The cues that the words from `end` on may begin. */
function cuesBehind(end: number): number {
  const c = codeAt(end);
  if (c === 39 || c === 0x2019) return SAYS_PERSON | SAYS_COMPANY;
  const at = c === 44 ? end + 1 : end;
  return codeAt(at) === 32 ? (BEHIND[tripleOf(codeAt(at + 1), codeAt(at + 2), codeAt(at + 3))] as number) : 0;
}

/** Whether the words before `at` say that a person, a place or a company comes. */
export function isSaidBefore(text: string, at: number, says: number): boolean {
  if ((cuesAt(at) & says) === 0) return false;
  const before = text.slice(Math.max(0, at - REACH), at);
  return (
    BEFORE.get(says)?.test(before) === true || (says === SAYS_PERSON && codeAt(at) > 0x3ff && PERSON_BEFORE_CYRILLIC.test(before))
  );
}

/** Whether the words from `end` on say that it was a person or a company. */
export function isSaidBehind(text: string, end: number, says: number): boolean {
  return (cuesBehind(end) & says) !== 0 && AFTER.get(says)?.test(text.slice(end, end + 32)) === true;
}
