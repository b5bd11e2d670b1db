import { isKind, SCRIPT } from './characters';
import { FAKER_BENGALI, FAKER_HEBREW, FAKER_TAMIL, FAKER_THAI } from './gazetteer/faker-script-names';
import {
  ARABIC_NAMES,
  BENGALI_NAMES,
  DEVANAGARI_NAMES,
  HEBREW_NAMES,
  KOREAN_GIVEN,
  TAMIL_NAMES,
  THAI_NAMES,
} from './gazetteer/script-names';
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
  /** Endings that words of the language take, each with what the name ends with instead. */
  readonly endings?: readonly (readonly [ending: string, instead: string])[];
  /** Letters that are written together with the word after them, such as `to` and `and`. */
  readonly joined?: string;
}

const namesOf = (list: string): ReadonlySet<string> => new Set(list.normalize('NFC').split(' '));

/** Whether a word is a name, in one of its forms. */
function isName({ names, endings = [] }: Spaced, word: string): boolean {
  const whole = word.normalize('NFC');
  if (names.has(whole)) return true;
  return endings.some(([ending, instead]) => whole.endsWith(ending) && names.has(whole.slice(0, -ending.length) + instead));
}

const DEVANAGARI: Spaced = {
  names: namesOf(DEVANAGARI_NAMES),
  named: /(?:मेरा|उनका|उसका|पूरा|ग्राहक का|यात्री का) नाम:? $|नाम: ?$/,
  mayName: /(?:नाम|ग्राहक|यात्री|मैं|श्री|श्रीमती|सुश्री|डॉ\.?|मरीज|मरीज़|कृपया|प्रिय|साथी|मित्र|भाई):? ?$/,
  goesOn: /^(?:है|हैं|हूँ|हूं|था|थे|थी|बोल|बोलो|से|का|की|के|को|ने|जी|और|या|में|पर|भी|तो|क्या|कौन|नहीं|बदलना|बदलें|दर्ज|लिखें)$/,
  behind: /^ (?:जी|साहब|ने)(?= |$)/,
};
const ARABIC: Spaced = {
  names: namesOf(ARABIC_NAMES),
  named: /(?:اسمي|الاسم|اسمه|اسمها|الاسم الكامل|باسم):? ?(?:هو )?$/,
  mayName: /(?:السيد|السيدة|الآنسة|الأستاذ|الأستاذة|الدكتور|الدكتورة|أنا|العميل|العميلة|المسافر|المسافرة|المريض|المريضة|معك|يا|عزيزي|عزيزتي|مع|إلى):? ?$/,
  goesOn: /^(?:و.{3,}|من|في|على|إلى|عن|هو|هي|لم|لا|ما|قد|كان|كانت|طلب|طلبت|تنتظر|ينتظر|هل|غير|مطلوب|ثم|أو)$/,
  behind: /^ (?:المحترم|المحترمة)(?= |$)/,
}; // prettier-ignore
const BENGALI: Spaced = {
  names: namesOf(`${BENGALI_NAMES} ${FAKER_BENGALI}`),
  named: /(?:আমার|তার|তাঁর|পুরো|গ্রাহকের|যাত্রীর) নাম:? $|নাম: ?$/,
  mayName: /(?:গ্রাহক|যাত্রী|আমি|জনাব|জনাবা|শ্রী|শ্রীমতী|ডাঃ|ডা\.|রোগী|প্রিয়|বন্ধু|সহকর্মী):? ?$/,
  goesOn: /^(?:এবং|ও|আর|হয়|হলো|এর|থেকে|কে|না|নেই|আছে|করে|করেছে|করেছেন|বলছি|চাই|একটি|অর্ডার|টাকা)$/,
  behind: /^ (?:সাহেব|বাবু|বলছি|বলেছেন)(?= |$)/,
  endings: ['ের', 'র', 'কে', 'য়', 'য়ের'].map((ending) => [ending.normalize('NFC'), ''] as const),
};
const TAMIL: Spaced = {
  names: namesOf(`${TAMIL_NAMES} ${FAKER_TAMIL}`),
  named: /(?:என்|அவர்|அவரது|முழு|வாடிக்கையாளர்|பயணி) பெயர்:? $|பெயர்: ?$/,
  mayName: /(?:திரு\.?|திருமதி\.?|டாக்டர்|நான்|வாடிக்கையாளர்|பயணி|நோயாளி|அன்புள்ள|நண்பர்):? ?$/,
  goesOn: /^(?:என்று|என்பவர்|மற்றும்|ஆகும்|இல்லை|வேண்டும்|இருந்து|ஆர்டர்|பேசுகிறேன்|எங்கே|தனது|ஒரு)$/,
  behind: /^ (?:அவர்கள்|அவர்களே|என்பவர்|பேசுகிறேன்)(?= |$)/,
  // `குமாருக்கு` is to `குமார்`: the last consonant loses the sign that it stands alone.
  endings: [
    ...['ுக்கு', 'ின்', 'ை', 'ுடன்', 'ால்', 'ிடம்', 'ும்'].map((ending) => [ending, '்'] as const),
    ...['வுக்கு', 'வின்', 'வை', 'வுடன்', 'வும்', 'க்கு', 'யின்', 'யை', 'யுடன்', 'யும்'].map((ending) => [ending, ''] as const),
  ],
};
const HEBREW: Spaced = {
  names: namesOf(`${HEBREW_NAMES} ${FAKER_HEBREW}`),
  named: /(?:שמי|קוראים לי|השם שלי(?: הוא)?|שם(?: מלא| הלקוח| הנוסע)?:) $/,
  mayName: /(?:^|[^\u05d0-\u05ea])(?:מר|גב'|גברת|ד"ר|פרופ'|אני|הלקוחה?|הנוסעת?|המטופלת?|בברכה,):?\s$/,
  goesOn:
    /^(?:של|את|על|לא|הוא|היא|אני|רוצה|עם|מן|כי|אבל|או|גם|יש|אין|היה|הייתה|לקוח|ביקשה?|הזמנה|בבקשה|ו(?!יס$|ייס$|קנין$|רד$|ינשטיין$).{2,})$/,
  behind: /^ (?:היקר|היקרה)(?= |$)/,
  joined: 'ולבמשכה',
};
const PART_OF_ARABIC = /^(?:ال.{2,}|بن|ابن|بنت|أبو|ابو|أم|آل|الله|الدين)$/;
const MAX_NAMES = 4;
/** A label, and no more words after it than a name has. */
const LABEL = /: ?$/;
const FEW_WORDS = /^\S+(?: \S+){0,2} *(?:[,.;\n।،]|$)/;
const ENDS_PHRASE = /^(?:[,.;:!?\n।،]|$)/;

const scriptEnd = (at: number): number => {
  let end = at;
  while (isKind(codeAt(end), SCRIPT)) end++;
  return end;
};

/** A name that begins with the word [at, end) of a script with spaces; returns where to continue. */
function scanSpaced(text: string, at: number, end: number, script: Spaced, matches: Match[]): number {
  const { named, mayName, goesOn, behind, joined = '' } = script;
  const before = text.slice(Math.max(0, at - REACH), at);
  const isCued = mayName.test(before);
  const isLabeled = isCued && LABEL.test(before) && FEW_WORDS.test(text.slice(at, at + 3 * REACH));
  const isNamed = isLabeled || named.test(before);
  const whole = text.slice(at, end);
  const isJoined = joined.includes(whole.charAt(0)) && !isName(script, whole) && isName(script, whole.slice(1));
  const word = isJoined ? whole.slice(1) : whole;
  const isFirst = isJoined || isName(script, word);
  // `জনাব আরিফুল ইসলাম`: after a title, a word that is not known before one that is.
  const isBeforeKnown = isCued && codeAt(end) === 32 && isName(script, text.slice(end + 1, scriptEnd(end + 1)));
  if (!isNamed && !isFirst && !isBeforeKnown) return end;
  if (goesOn.test(word)) return end;
  let last = end;
  let known = isFirst ? 1 : 0;
  for (let more = 1; more < MAX_NAMES && codeAt(last) === 32; more++) {
    const to = scriptEnd(last + 1);
    const next = text.slice(last + 1, to);
    const isKnown = isName(script, next);
    // `सुनील गावस्कर ने`: only who did something stands before it.
    const isPart =
      isKnown ||
      (more === 1 && isCued && isFirst && ENDS_PHRASE.test(text.charAt(to))) ||
      (more === 1 && next !== '' && behind.test(text.slice(to, to + 12))) ||
      (script === ARABIC && PART_OF_ARABIC.test(next) && next.length < 12);
    if (next === '' || goesOn.test(next) || (!isPart && !isNamed)) break;
    if (isPart) known++;
    last = to;
  }
  if (!isNamed && known < 2 && !isCued && !behind.test(text.slice(last, last + 12))) return last;
  matches.push(match(isJoined ? at + 1 : at, last, PERSON));
  return last;
}

const KOREAN =
  /^[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민진나엄원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용][가-힣]{2}(?=$|[^가-힣]|입니다|이고|이에요|예요|이라고|라고|씨|님|군|고객|에게|께서|의|은|는|이|가|을|를|과|와|선생|교수|대표|팀장|과장|부장|도|만|한테|로부터)/;
const NAMED_KOREAN =
  /(?:이름은?|성함은?|성명|고객명?|예약자명?|담당자|수신자|받는 ?분|환자|승객|저는|회원|신청자|보호자|본인)[:：]? *$/;
const HONORED_KOREAN = /^(?:씨|님| 님| 씨| 고객님?| 선생님| 교수님?| 대표님?| 팀장님?| 과장님?| 부장님?)/;
/** `주문자님`, `고객님`: who orders, who is a customer. */
const NO_KOREAN = /^(?:..자|고객|이용|주문|신청)/;

const GIVEN_KOREAN = new Set(KOREAN_GIVEN.split(' '));

function scanKorean(text: string, at: number, end: number, matches: Match[]): number {
  const word = text.slice(at, at + 8);
  if (!KOREAN.test(word) || NO_KOREAN.test(word)) return end;
  const isTold =
    GIVEN_KOREAN.has(word.slice(1, 3)) ||
    HONORED_KOREAN.test(text.slice(at + 3, at + 8)) ||
    NAMED_KOREAN.test(text.slice(Math.max(0, at - REACH), at));
  if (isTold) matches.push(match(at, at + 3, PERSON));
  return end;
}

/** Titles before a name, and what says that one follows; `คุณ` is `you` as well. */
const TITLES_THAI = 'นางสาว|นาง|นาย|น\\.ส\\.|ด\\.ช\\.|ด\\.ญ\\.|ดร\\.|คุณ|ชื่อ(?:ของ(?:ฉัน|ผม|ดิฉัน)คือ)?|ลูกค้า|ผู้โดยสาร|ผู้ป่วย';
const TITLE_THAI = new RegExp(TITLES_THAI, 'g');
const AFTER_TITLE_THAI = new RegExp(`(?:${TITLES_THAI})[: ]{0,2}$`);
const FORMAL_THAI = /^(?:นางสาว|นาง|นาย)/;
/** Who has such a title by trade: an employer, a minister, an officer, a nurse. */
const NO_THAI = /^(?:จ้าง|ก|ทุน|หน้า|แพทย์|ทหาร|ตำรวจ|อำเภอ|แบบ|ฟ้า|พยาบาล|เอก|สถานี|ทะเบียน)/;
const FAMILY_THAI =
  /^ ((?!ต้อง|ขอ|ได้|จะ|ไม่|ยัง|เป็น|มี|อยู่|มา|ไป|โทร|ส่ง|ซื้อ|แจ้ง|บอก|ถาม|คือ|และ|กับ|ที่|ของ|จาก|ให้|ครับ|ค่ะ|คะ|ชำระ|เรื่อง|เมื่อ)[\u0e01-\u0e4e]{3,18})(?![\u0e01-\u0e4e])/;
const LONGEST_THAI = 14;
const NAMES_THAI = namesOf(`${THAI_NAMES} ${FAKER_THAI}`);

/** How long the family name after `at` is, with the space before it; 0 where there is none. */
const familyThai = (text: string, at: number): number => FAMILY_THAI.exec(text.slice(at, at + REACH))?.[0].length ?? 0;

/**
 * Thai has no spaces between words: a given name of the list after a title, or between spaces; and the form of documents, a formal title with
 * given name, space and family name.
 */
function scanThai(text: string, at: number, end: number, matches: Match[]): void {
  if (NAMES_THAI.has(text.slice(at, end))) {
    matches.push(match(at, end + familyThai(text, end), PERSON));
    return;
  }
  const title = FORMAL_THAI.exec(text.slice(at, Math.min(end, at + 7)))?.[0].length ?? 0;
  const family =
    title > 0 && end - at - title < LONGEST_THAI && !NO_THAI.test(text.slice(at + title)) ? familyThai(text, end) : 0;
  if (family > 0) {
    matches.push(match(at + title, end + family, PERSON));
    return;
  }
  const put = (from: number): void => {
    let to = Math.min(end, from + LONGEST_THAI);
    while (to > from + 2 && !NAMES_THAI.has(text.slice(from, to))) to--;
    if (to > from + 2) matches.push(match(from, to + (to === end ? familyThai(text, to) : 0), PERSON));
  };
  if (AFTER_TITLE_THAI.test(text.slice(Math.max(0, at - REACH), at))) put(at);
  for (const { index, 0: said } of text.slice(at, end).matchAll(TITLE_THAI)) put(at + index + said.length);
}

/** Names in the run of letters of a script without capitals that begins at `at`; returns where to continue. */
export function scanScript(text: string, at: number, matches: Match[]): number {
  const end = scriptEnd(at);
  const c = codeAt(at);
  if (c >= 0xac00) return scanKorean(text, at, end, matches);
  if (c >= 0x3000) matches.push(...scanHan(text, at, end));
  else if (c >= 0x900 && c < 0x980) return scanSpaced(text, at, end, DEVANAGARI, matches);
  else if (c >= 0x980 && c < 0xa00) return scanSpaced(text, at, end, BENGALI, matches);
  else if (c >= 0xb80 && c < 0xc00) return scanSpaced(text, at, end, TAMIL, matches);
  else if (c >= 0xe00 && c < 0xe80) scanThai(text, at, end, matches);
  else if (c >= 0x600 && c < 0x700) return scanSpaced(text, at, end, ARABIC, matches);
  else if (c >= 0x590 && c < 0x600) return scanSpaced(text, at, end, HEBREW, matches);
  return end;
}
