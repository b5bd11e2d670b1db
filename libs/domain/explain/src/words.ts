/** Words by which people agree, at the beginning of what they say or by asking to go on; English, German, French, Spanish, Italian, Portuguese, Dutch. */
const AGREES =
  /^\W{0,3}(?:yes|yeah|yep|sure|ok(?:ay)?|correct|right|perfect|great|sounds good|that works|that['’]s (?:fine|correct|right|great)|absolutely|definitely|confirmed|ja|genau|gerne|oui|d['’]accord|sí|claro|vale|sì|certo|sim|graag|akkoord)(?![\p{L}\p{N}])|\b(?:go ahead|proceed|i confirm|please (?:do|book|cancel|confirm|continue)|let['’]s (?:do|go)|everything (?:looks|is) (?:good|correct|fine)|i agree|do it|mach das|weiter so|allez-y|adelante|procedi|pode prosseguir|ga je gang)\b/iu;
const DISAGREES =
  /^\W{0,3}(?:if|no|nope|wait|stop|nein|non|não|nee|actually)(?![\p{L}\p{N}])|\b(?:do not|don['’]t) (?:proceed|want|book|cancel)\b/iu;

export const agrees = (text: string): boolean => AGREES.test(text) && !DISAGREES.test(text);

/** What people say when something was done or understood wrong. */
const CORRECTS =
  /\b(?:misunderst\w+|mis-understanding|mix-?up|that['’]s (?:not (?:right|correct|what i)|wrong|incorrect)|not what i (?:asked|said|wanted|meant)|i (?:already|just) (?:said|told|gave|mentioned|provided|explained)|as i (?:said|mentioned)|i (?:didn['’]t|did not) (?:ask|say|want|mean)|you (?:got|have) (?:it|this|that) wrong|wrong (?:one|item|order|flight|date|number)|some confusion|das (?:stimmt nicht|ist falsch|meinte ich nicht)|ich habe (?:schon|bereits) gesagt|ce n['’]est pas (?:ça|correct|ce que)|eso no es|no es lo que|non è (?:corretto|quello)|não (?:é isso|foi isso)|dat klopt niet)\b/iu;
export const correctionIn = (text: string): string => CORRECTS.exec(text)?.[0] ?? '';

const ASKS_TO_CONFIRM =
  /\b(?:(?:obtain|get|require|receive|wait for|ask(?: the user)? for|need)\w*\b[^.\n]{0,60}\bconfirm\w*|confirm\w*\b[^.\n]{0,60}\b(?:before|prior to)\b|before\b[^.\n]{0,120}\bconfirm\w*)/i;
/** The line of a policy that asks for the person's agreement before something is changed; '' without one. */
export function confirmationLine(policy: string): string {
  return (
    policy
      .split('\n')
      .find((line) => ASKS_TO_CONFIRM.test(line))
      ?.trim() ?? ''
  );
}

const STOP = new Set('the a an and or to of in on for with my your you i it is are was be that this please can could would like need have has do not no if so me we at from as but just want yes thank thanks'.split(' ')); // prettier-ignore

/** Words of a text that say what it is about. */
export const contentWords = (text: string): Set<string> =>
  new Set(
    (
      text
        .slice(0, 4_000)
        .toLowerCase()
        .match(/[\p{L}\p{N}_#]{3,}/gu) ?? []
    ).filter((word) => !STOP.has(word)),
  );

export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both / Math.max(1, a.size + b.size - both);
}

export const shortened = (text: string, max: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
};
