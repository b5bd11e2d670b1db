import { wordsOf } from './words';

const MAX_CHARS = 2_000;

/** Words that sentences of a language cannot do without, and others seldom have. */
const STOP_WORDS: Readonly<Record<string, string>> = {
  en: 'the is are was you and of to in it that for with this my i have not what how can do be your please from on would',
  de: 'der die das und ist nicht ich sie ein eine zu mit auf für von den dem wie kann bitte mein wir es auch habe was',
  fr: "le la les des est et je vous que pas une un dans pour avec sur mon ce comment qui du au plaît c'est j'ai mes",
  es: 'el la los las es y que no un una en por con para mi como está se puedo del qué cómo favor quiero lo de mis',
  it: 'il lo gli è e che non un una di per con mi come sono della del posso vorrei mio si anche perché ho le questo',
  pt: 'o os as é e que não um uma em por com para meu como está se posso do da você quero eu minha no de isso',
  nl: 'de het een en is niet ik je van op met voor dat mijn hoe kan wat zijn aan er ook graag u wil deze',
  sv: 'och är inte jag att det en ett som på med för av den min hur kan vad har till du om vill detta',
  pl: 'i w na nie jest się to z do że jak czy mam mój co proszę dla mnie po jestem od już chcę ten',
  tr: 've bir bu ne için mi ben değil nasıl var çok ile da de benim lütfen olarak istiyorum mı neden',
};
const LANGUAGES_OF = new Map<string, string[]>();
for (const [language, words] of Object.entries(STOP_WORDS))
  for (const word of words.split(' ')) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language]);

/** The words of all languages here that say nothing by themselves. */
export const stopWords = (): Iterable<string> => LANGUAGES_OF.keys();

const SCRIPTS: ReadonlyArray<readonly [language: string, of: RegExp]> = [
  ['ja', /[\u3040-\u30ff]/g],
  ['ko', /[\uac00-\ud7af]/g],
  ['zh', /[\u4e00-\u9fff]/g],
  ['uk', /[іїєґ]/gi],
  ['ru', /[\u0400-\u04ff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['he', /[\u0590-\u05ff]/g],
  ['el', /[\u0370-\u03ff]/g],
  ['th', /[\u0e00-\u0e7f]/g],
  ['hi', /[\u0900-\u097f]/g],
];

/** Behind the letters with accents, and the accents. */
const BEYOND_LATIN = /[\u0370-\uffff]/;

function byScript(text: string): string {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return '';
  for (const [language, of] of SCRIPTS) {
    const share = (text.match(of)?.length ?? 0) / letters;
    // Kana beside Han is Japanese, and a few letters tell Ukrainian from Russian.
    if (share > (language === 'ja' ? 0.15 : language === 'uk' ? 0.02 : 0.5)) return language;
  }
  return '';
}

/** ISO 639-1 code of a text's language; `und` when it is too short or too mixed to say. */
export function languageOf(text: string): string {
  const head = text.slice(0, MAX_CHARS);
  // Most requests have Latin letters only.
  const script = BEYOND_LATIN.test(head) ? byScript(head) : '';
  if (script !== '') return script;
  const hits = new Map<string, number>();
  for (const word of wordsOf(head, 300)) {
    const languages = LANGUAGES_OF.get(word) ?? [];
    for (const language of languages) hits.set(language, (hits.get(language) ?? 0) + 1 / languages.length);
  }
  const [best, second] = [...hits].sort((a, b) => b[1] - a[1]);
  return best && best[1] >= 1.5 && best[1] >= 1.3 * (second?.[1] ?? 0) ? best[0] : 'und';
}
