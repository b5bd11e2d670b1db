/**
 * How a model begins when it will not do what it is asked, by language. What it cannot find or do now is no refusal, so the verb decides.
 */
const BEGINNINGS: readonly RegExp[] = [
  /^\W{0,3}(?:(?:i['’]?m|i am) (?:very |really |so )?sorry,? (?:but )?|sorry,? (?:but )?|unfortunately,? |as an ai\b[^.]{0,60},? )?(?:i (?:can['’]?t|cannot|can not|won['’]?t|am unable to|am not able to)|i['’]m (?:unable|not able) to) (?:help|assist|do that|provide|answer|comply|fulfil|fulfill|discuss|share|create|generate|engage)/i,
  /^\W{0,3}(?:(?:(?:es )?tut mir (?:sehr |wirklich )?leid|entschuldigung|leider)[,.]? (?:aber )?)?(?:(?:das |dabei |damit |hierbei )?(?:kann|darf) ich|ich (?:kann|darf))\b[^.\n]{0,40}?\bnicht (?:weiter)?(?:helfen|behilflich sein|unterstützen|beantworten|erstellen|bereitstellen|besprechen|tun)/i,
  /^\W{0,3}(?:(?:je suis (?:vraiment |sincèrement )?)?désolée?|malheureusement|je regrette)?[,.]? ?(?:mais )?je ne (?:peux|puis|suis) pas (?:en mesure (?:de |d['’]))?(?:vous |t['’]|te |y )?(?:aider|assister|répondre|fournir|faire cela|créer|générer|discuter|partager)/i,
  /^\W{0,3}(?:(?:lo siento|lamentablemente|desafortunadamente|perdón|disculpe?)(?: mucho)?[,.]? (?:pero )?)?no (?:puedo|me es posible) (?:ayudar|asistir|responder|proporcionar|hacer eso|crear|generar|compartir|hablar de)/i,
  /^\W{0,3}(?:(?:mi dispiace|purtroppo|scusa|spiacente)[,.]? (?:ma )?)?non (?:posso|sono in grado di) (?:aiutar|assister|risponder|fornir|farlo|crear|generar|discuter|condivider)/i,
  /^\W{0,3}(?:(?:desculpe|sinto muito|lamento|infelizmente|me desculpe)[,.]? (?:mas )?)?(?:eu )?não (?:posso|consigo) (?:te |o |lhe )?(?:ajud|auxili|respond|fornec|fazer isso|cri|ger|discut|compartilh)/i,
  /^\W{0,3}(?:(?:het spijt me|sorry|helaas)[,.]? (?:maar )?)?(?:ik kan|kan ik|dat kan ik|daar kan ik)\b[^.\n]{0,40}?\bniet (?:mee |bij )?(?:helpen|assisteren|beantwoorden|geven|verstrekken|maken|bespreken|doen)/i,
  /^[\s"“「]{0,3}(?:(?:非常|很)?抱歉|对不起|對不起)[,，。、 ]{0,2}(?:但)?我?(?:无法|不能|無法)(?:为您|为你|為您)?(?:协助|帮助|提供|回答|满足|協助|幫助)/,
  /^[\s"“「]{0,3}申し訳(?:ありません|ございません)[^。\n]{0,60}(?:お手伝い|お答え|回答|提供|対応)(?:すること(?:は|が))?(?:でき|いたしかね|しかね)/,
];

/** The words by which a text refuses what was asked; '' where it does not. Looks at the beginning alone. */
export function refusalIn(text: string): string {
  for (const beginning of BEGINNINGS) {
    const found = beginning.exec(text);
    if (found) return found[0];
  }
  return '';
}
