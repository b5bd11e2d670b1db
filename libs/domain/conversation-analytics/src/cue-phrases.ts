/** What a request shows of how the person fares. */
export type RequestCue = 'correction' | 'complaint' | 'asks_for_person' | 'thanks' | 'farewell';
/** What an answer shows of it. */
export type AnswerCue = 'apology' | 'says_it_failed';

type Phrases<Cue extends string> = Readonly<Record<Cue, readonly string[]>>;

/**
 * Phrases as regular expressions in lower case; they match whole words. What is only sometimes meant so (`no`, `wrong`, `help`) is there with
 * what makes it so. The lists are our own; the kinds are those of repair and escalation in dialogues: third-turn repair (Schegloff, Jefferson
 * and Sacks, Language 53, 1977), cues of frustration (Hernandez Caralt et al., 2024, "Stupid robot, I want to speak to a human!").
 */
export const REQUEST_PHRASES: Readonly<Record<string, Phrases<RequestCue>>> = {
  en: {
    correction: [
      "(?:that['’]?s|that is|this is|it['’]?s|you['’]?re|you are) (?:not (?:right|correct|what i|true|it)|wrong|incorrect)", "not what i (?:asked|said|meant|want|wanted|need)", 'i (?:said|meant|asked for|asked you)',
      "i (?:have |'ve )?already (?:told|said|gave|given|provided|explained|answered|mentioned|asked|did)", 'as i (?:said|mentioned|told you)', 'you (?:misunderstood|got (?:it|that) wrong|made a mistake|forgot|keep asking)', '(?:no|nope),? (?:i|not|the|that)', 'i told you', 'again,? i',
    ],
    complaint: [
      'unacceptable', 'ridiculous', 'frustrat(?:ed|ing|ion)', 'annoy(?:ed|ing)', 'useless', 'terrible', 'horrible', 'awful', 'waste of (?:my )?time', 'fed up', 'disappoint(?:ed|ing)', 'not (?:being )?help(?:ful|ing)', "(?:doesn['’]?t|does not|didn['’]?t|did not|isn['’]?t|is not|still not) work(?:ing)?",
      'worst', 'stupid', 'still (?:waiting|broken|wrong|the same)', 'makes no sense', 'what a joke', 'wtf',
    ],
    asks_for_person: [
      '(?:speak|talk|chat|connect|transfer|escalate)(?: me)?(?: [\\p{L}]{1,10}){0,2}? (?:to|with) (?:an? |the |your |some)?(?:real |human |live |actual )?(?:human|person|agent|representative|rep|manager|supervisor|operator|somebody|someone|one)', '(?:real|actual|live) (?:person|human|agent)', 'human (?:agent|being|support)',
    ],
    thanks: ['thank(?:s| you)', 'perfect', 'great,? that', "that['’]?s (?:all|it|great|perfect)", 'appreciate (?:it|that|your)', 'awesome', 'wonderful'],
    farewell: ['(?:good)?bye', 'see you', 'have a (?:nice|good|great|lovely)', "that(?:['’]?s| is| will be|['’]ll be) all", 'nothing (?:else|more)', 'no (?:further|more|other) questions', '^\\W*(?:stop|end|quit|exit)\\W*$'],
  },
  de: {
    correction: ['(?:das|es) (?:ist|war|stimmt) (?:so )?(?:nicht|falsch)(?: richtig)?', 'nicht das,? was ich', 'ich (?:meinte|sagte)', 'ich habe? (?:doch |ihnen |dir |das |es ){0,3}(?:schon|bereits)', 'wie (?:schon |bereits )?gesagt', 'nein,? (?:ich|nicht|das)', 'falsch verstanden', 'habe ich (?:doch )?(?:schon|bereits) gesagt'],
    complaint: ['unverschämt(?:heit)?', 'lächerlich', 'frustrier(?:t|end)', 'nervt', 'genervt', 'nutzlos', 'schrecklich', 'furchtbar', 'zeitverschwendung', 'enttäuscht', 'hilft (?:mir )?nicht', '(?:funktioniert|geht|klappt) (?:immer noch |noch immer |einfach )?nicht', 'unzumutbar', 'katastrophe', 'frechheit'],
    asks_for_person: ['(?:mit )?(?:einem |einer |echten |richtigen ){1,2}(?:menschen|mitarbeiter(?:in)?|person|berater(?:in)?|kundenberater(?:in)?) (?:sprechen|reden|verbinden|verbunden)', 'echte[rn]? mensch(?:en)?', 'verbinden sie mich'],
    thanks: ['danke(?: schön| sehr)?', 'vielen dank', 'perfekt', 'super,? danke', 'das war alles'],
    farewell: ['tschüss', 'auf wiedersehen', 'schönen (?:tag|abend)', 'das (?:war|wäre) alles', 'nichts (?:mehr|weiter)', '^\\W*(?:stopp|ende)\\W*$'],
  },
  fr: {
    correction: ["ce n['’]est pas (?:ça|cela|correct|juste|ce que)", "c['’]est (?:faux|incorrect)", "j['’]ai (?:déjà|dit)", "je (?:vous |t['’]|te )?l?['’]?ai déjà", 'comme je (?:vous |te )?l?[\'’]?ai dit', 'je voulais dire', 'non,? (?:je|pas|ce)', "pas ce que j['’]ai", 'vous (?:avez|n[\'’]avez) (?:mal|pas) compris'],
    complaint: ['inacceptable', 'ridicule', 'frustr(?:é|ée|ant)', 'agaçant', 'inutile', 'nul', 'horrible', 'perte de temps', 'déçue?', "ne (?:fonctionne|marche) (?:toujours )?pas", "n['’]aide(?:z)? pas", 'ras[- ]le[- ]bol', 'scandaleux'],
    asks_for_person: ['parler (?:à|avec) (?:un |une |quelqu)(?:vrai |vraie )?(?:humain|personne|conseill(?:er|ère)|agent|un|responsable)', 'un (?:vrai )?(?:humain|conseiller)', 'une vraie personne'],
    thanks: ['merci', 'parfait', "c['’]est tout"],
    farewell: ['au revoir', 'bonne (?:journée|soirée)', "c['’]est tout", 'rien d[\'’]autre'],
  },
  es: {
    correction: ['(?:eso|esto) (?:no es|está mal)', 'no es (?:correcto|lo que|eso)', 'no,? (?:yo|quiero decir|dije|eso)', 'ya (?:te |le |se |lo )*(?:dije|he dicho|expliqué|di)', 'como (?:ya )?(?:dije|te dije|le dije|mencioné)', 'quise decir', 'me (?:entendiste|entendió) mal', 'te equivocas', 'se equivoca'],
    complaint: ['inaceptable', 'ridículo', 'frustra(?:do|da|nte)', 'molest[oa]', 'inútil', 'terrible', 'horrible', 'pérdida de tiempo', 'hart[oa] de', 'decepcionad[oa]', 'no (?:me )?(?:ayuda|sirve)', '(?:sigue sin|todavía no|aún no|no) funciona(?:r)?', 'vergüenza', 'pésim[oa]'],
    asks_for_person: ['(?:hablar|comunicarme|contactar) con (?:una? |alg)(?:ún )?(?:persona|humano|agente|uien|representante|supervisor|asesor)', 'persona (?:real|de verdad)', 'un humano'],
    thanks: ['gracias', 'perfecto', 'eso es todo'],
    farewell: ['adiós', 'hasta luego', 'buen día', 'eso es todo', 'nada más'],
  },
  it: {
    correction: ['non è (?:corretto|giusto|quello che|vero)', '(?:è|hai|ha) sbagliato', 'no,? (?:io|intendevo|ho detto|non)', '(?:te |ve |gliel)?[\'’]?l?[\'’]?ho già (?:detto|dato|spiegato|fornito)', 'come (?:ho|già) detto', 'volevo dire', 'ha(?:i)? capito male'],
    complaint: ['inaccettabile', 'ridicolo', 'frustra(?:to|ta|nte)', 'fastidioso', 'inutile', 'terribile', 'orribile', 'perdita di tempo', 'stufo', 'delus[oa]', 'non (?:mi )?(?:aiuta|serve a niente)', 'non funziona', 'vergogna'],
    asks_for_person: ['parlare con (?:un |una |qualc)(?:vero |vera )?(?:operatore|persona|umano|uno|responsabile|essere umano)', 'persona vera', 'un operatore'],
    thanks: ['grazie', 'perfetto', 'è tutto'],
    farewell: ['arrivederci', 'buona (?:giornata|serata)', 'è tutto', 'nient[\'’]altro'],
  },
  pt: {
    correction: ['não é (?:isso|correto|o que|verdade)', '(?:isso )?está errado', 'não,? (?:eu|quis|quero dizer)', 'já (?:te |lhe )?(?:disse|falei|expliquei|informei)', 'como (?:eu )?(?:já )?(?:disse|falei)', 'quis dizer', 'entendeu (?:errado|mal)'],
    complaint: ['inaceitável', 'ridículo', 'frustra(?:do|da|nte)', 'irritante', 'inútil', 'péssim[oa]', 'horrível', 'perda de tempo', 'fart[oa] de', 'decepcionad[oa]', 'não (?:me )?(?:ajuda|ajudou|adianta)', 'não (?:está )?funciona(?:ndo)?', 'vergonha', 'absurdo'],
    asks_for_person: ['falar com (?:uma? |alg)(?:pessoa|humano|atendente|uém|supervisor|gerente)', 'pessoa de verdade', 'um atendente'],
    thanks: ['obrigad[oa]', 'valeu', 'perfeito', 'é só isso'],
    farewell: ['tchau', 'até logo', 'bom dia', 'é só isso', 'mais nada'],
  },
  nl: {
    correction: ['dat (?:klopt niet|is (?:niet (?:juist|goed|wat)|fout|verkeerd))', 'niet wat ik', 'nee,? (?:ik|niet|dat)', 'ik (?:heb|had) (?:je |u |dat |het ){0,3}al', 'zoals (?:ik )?(?:al )?(?:zei|gezegd)', 'ik bedoel(?:de)?', 'verkeerd begrepen'],
    complaint: ['onacceptabel', 'belachelijk', 'gefrustreerd', 'frustrerend', 'irritant', 'nutteloos', 'waardeloos', 'verschrikkelijk', 'tijdverspilling', 'teleurgesteld', 'helpt (?:me )?niet', '(?:werkt|doet het) (?:nog steeds |nog altijd )?niet', 'schandalig'],
    asks_for_person: ['(?:met )?(?:een |iemand|echte? ){1,3}(?:mens|persoon|medewerker|iemand)? ?(?:spreken|praten)', 'echt mens', 'een medewerker'],
    thanks: ['dank (?:je|u)(?: wel)?', 'bedankt', 'perfect', 'dat was alles'],
    farewell: ['tot ziens', 'fijne (?:dag|avond)', 'dat was alles', 'verder niets'],
  },
}; // prettier-ignore

/** Scripts without spaces: no word boundaries there. */
export const UNSPACED_REQUEST_PHRASES: Readonly<Record<string, Phrases<RequestCue>>> = {
  ja: {
    correction: ['違います', 'そうではな', 'そうじゃな', '間違(?:い|って)', 'さっき(?:言|伝え|も)', 'すでに(?:言|伝え)'],
    complaint: ['ひどい', '最悪', '役に立たな', 'がっかり', '使えない', 'イライラ'],
    asks_for_person: ['(?:担当者|オペレーター|人間)(?:と|に)(?:話|代|つない|繋)'],
    thanks: ['ありがとう', '助かりました'],
    farewell: ['さようなら', '以上です'],
  },
  zh: {
    correction: ['不对', '不是这个', '错了', '我(?:已经|刚才)(?:说|告诉|提供)', '我的意思是', '我不是说'],
    complaint: ['太差', '没用', '失望', '浪费时间', '受不了', '垃圾', '无法接受', '還是不行', '还是不行'],
    asks_for_person: ['(?:转|轉|找|接|要)人工', '真人客服', '人工客服'],
    thanks: ['谢谢', '謝謝', '感谢'],
    farewell: ['再见', '再見', '没有了', '就这些'],
  },
};

export const ANSWER_PHRASES: Readonly<Record<string, Phrases<AnswerCue>>> = {
  en: {
    apology: ["(?:i['’]?m|i am|we are|we['’]?re) (?:very |really |so |truly )?sorry", '(?:i|we) (?:sincerely |do )?apologi[sz]e', 'my apologies', 'apologies for'],
    says_it_failed: [
      '(?:an? |the )?(?:technical |system |unexpected )?(?:error|issue|problem) (?:occurred|with|while|when|processing|retrieving)', "(?:wasn['’]?t|was not|am not|i['’]?m not|were not|weren['’]?t) able to", '(?:unable|failed) to', "(?:couldn['’]?t|could not) (?:find|retrieve|process|complete|book|update|access|be)", 'went wrong', 'try again later', 'there (?:was|is|seems to be|appears to be) an? (?:error|issue|problem)',
    ],
  },
  de: { apology: ['(?:es )?tut mir (?:sehr )?leid', 'entschuldig(?:ung|en)'], says_it_failed: ['(?:ein )?fehler (?:ist )?(?:aufgetreten|beim|bei)', '(?:konnte|konnten) (?:\\p{L}+ ){0,4}nicht', 'nicht (?:möglich|gefunden|verfügbar)', 'schiefgelaufen', 'fehlgeschlagen'] },
  fr: { apology: ['désolée?', "(?:je m['’]|nous nous )excus(?:e|ons)", 'toutes mes excuses'], says_it_failed: ["une erreur (?:s['’]est|est|lors)", "n['’](?:a|ai|avons) pas pu", 'impossible de', 'a échoué', 'un problème (?:est|lors|avec)'] },
  es: { apology: ['lo siento', 'disculp(?:e|a|as|en)', 'lamento'], says_it_failed: ['(?:ocurrió|hubo|se produjo) un (?:error|problema)', 'no (?:he|se|pude|fue) (?:podido|pudo|posible|encontr\\p{L}+)', 'ha fallado', 'error al'] },
  it: { apology: ['mi (?:dispiace|scuso)', 'scusa(?:te|mi)?'], says_it_failed: ['si è verificato un (?:errore|problema)', 'non (?:sono riuscit[oa]|è stato possibile|ho potuto|ho trovato)', 'errore (?:durante|nel)'] },
  pt: { apology: ['desculpe', 'sinto muito', 'lamento'], says_it_failed: ['(?:ocorreu|houve) um (?:erro|problema)', 'não (?:consegui|foi possível|pude|encontrei)', 'falhou', 'erro ao'] },
  nl: { apology: ['het spijt me', 'sorry', 'excuses'], says_it_failed: ['(?:er is )?een (?:fout|probleem) (?:opgetreden|met|bij)', '(?:kon|konden) (?:\\p{L}+ ){0,4}niet', 'mislukt', 'niet gelukt'] },
}; // prettier-ignore
