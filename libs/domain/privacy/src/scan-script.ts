import { isKind, SCRIPT } from './characters';
import { ARABIC_NAMES, DEVANAGARI_NAMES } from './gazetteer/script-names';
import { match, type Match, PERSON } from './match';
import { codeAt } from './reading';
import { scanHan } from './scan-han';

// Names in scripts without capitals.

const REACH = 24;

interface Spaced {
  readonly names: ReadonlySet<string>;
  /** What calls the words after it a name, whatever they are. */
  readonly named: RegExp;
  /** What goes before names and other words. */
  readonly mayName: RegExp;
  /** What goes on with the sentence. */
  readonly goesOn: RegExp;
  /** What follows names only. */
  readonly behind: RegExp;
}

const DEVANAGARI: Spaced = {
  names: new Set(DEVANAGARI_NAMES.split(' ')),
  named: /(?:मेरा|उनका|उसका|पूरा|ग्राहक का|यात्री का) नाम:? $|नाम: ?$/,
  mayName: /(?:नाम|ग्राहक|यात्री|मैं|श्री|श्रीमती|सुश्री|डॉ\.?|मरीज|मरीज़|कृपया|प्रिय|साथी|मित्र|भाई):? ?$/,
  goesOn: /^(?:है|हैं|हूँ|हूं|था|थे|थी|बोल|बोलो|से|का|की|के|को|ने|जी|और|या|में|पर|भी|तो|क्या|कौन|नहीं|बदलना|बदलें|दर्ज|लिखें)$/,
  behind: /^ (?:जी|साहब|ने)(?= |$)/,
};
const ARABIC: Spaced = {
  names: new Set(ARABIC_NAMES.split(' ')),
  named: /(?:اسمي|الاسم|اسمه|اسمها|الاسم الكامل|باسم):? ?(?:هو )?$/,
  mayName: /(?:السيد|السيدة|الآنسة|الأستاذ|الأستاذة|الدكتور|الدكتورة|أنا|العميل|العميلة|المسافر|المسافرة|المريض|المريضة|معك|يا|عزيزي|عزيزتي|مع|إلى):? ?$/,
  goesOn: /^(?:و.{3,}|من|في|على|إلى|عن|هو|هي|لم|لا|ما|قد|كان|كانت|طلب|طلبت|تنتظر|ينتظر|هل|غير|مطلوب|ثم|أو)$/,
  behind: /^ (?:المحترم|المحترمة)(?= |$)/,
}; // prettier-ignore
const PART_OF_ARABIC = /^(?:ال.{2,}|بن|ابن|بنت|أبو|ابو|أم|آل|الله|الدين)$/;
const MAX_NAMES = 4;

const scriptEnd = (at: number): number => {
  let end = at;
  while (isKind(codeAt(end), SCRIPT)) end++;
  return end;
};

/** A name that begins with the word [at, end) of a script with spaces; returns where to continue. */
function scanSpaced(
  text: string,
  at: number,
  end: number,
  { names, named, mayName, goesOn, behind }: Spaced,
  matches: Match[],
): number {
  const before = text.slice(Math.max(0, at - REACH), at);
  const isNamed = named.test(before);
  const word = text.slice(at, end);
  if (!isNamed && !names.has(word)) return end;
  if (goesOn.test(word)) return end;
  let last = end;
  let known = names.has(word) ? 1 : 0;
  for (let more = 1; more < MAX_NAMES && codeAt(last) === 32; more++) {
    const to = scriptEnd(last + 1);
    const next = text.slice(last + 1, to);
    const isKnown = names.has(next);
    // `सुनील गावस्कर ने`: only who did something stands before it.
    const isPart =
      isKnown ||
      (more === 1 && next !== '' && behind.test(text.slice(to, to + 12))) ||
      (names === ARABIC.names && PART_OF_ARABIC.test(next) && next.length < 12);
    if (next === '' || goesOn.test(next) || (!isPart && !isNamed)) break;
    if (isPart) known++;
    last = to;
  }
  if (!isNamed && known < 2 && !mayName.test(before) && !behind.test(text.slice(last, last + 12))) return last;
  matches.push(match(at, last, PERSON));
  return last;
}

const KOREAN =
  /^[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민진나엄원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용][가-힣]{2}(?=$|[^가-힣]|입니다|이고|이에요|예요|이라고|라고|씨|님|군|고객|에게|께서|의|은|는|이|가|을|를|과|와|선생|교수|대표|팀장|과장|부장)/;
const NAMED_KOREAN =
  /(?:이름은?|성함은?|성명|고객명?|예약자명?|담당자|수신자|받는 ?분|환자|승객|저는|회원|신청자|보호자|본인)[:：]? *$/;
const HONORED_KOREAN = /^(?:씨|님| 님| 씨| 고객님?| 선생님| 교수님?| 대표님?| 팀장님?| 과장님?| 부장님?)/;
/** `주문자님`, `고객님`: who orders, who is a customer. */
const NO_KOREAN = /^(?:..자|고객|이용|주문|신청)/;

function scanKorean(text: string, at: number, end: number, matches: Match[]): number {
  const word = text.slice(at, at + 8);
  if (!KOREAN.test(word) || NO_KOREAN.test(word)) return end;
  const isTold = HONORED_KOREAN.test(text.slice(at + 3, at + 8)) || NAMED_KOREAN.test(text.slice(Math.max(0, at - REACH), at));
  if (isTold) matches.push(match(at, at + 3, PERSON));
  return end;
}

/** Names in the run of letters of a script without capitals that begins at `at`; returns where to continue. */
export function scanScript(text: string, at: number, matches: Match[]): number {
  const end = scriptEnd(at);
  const c = codeAt(at);
  if (c >= 0xac00) return scanKorean(text, at, end, matches);
  if (c >= 0x3000) matches.push(...scanHan(text, at, end));
  else if (c >= 0x900 && c < 0x980) return scanSpaced(text, at, end, DEVANAGARI, matches);
  else if (c >= 0x600 && c < 0x700) return scanSpaced(text, at, end, ARABIC, matches);
  return end;
}
