import { distanceOf, simhashWords } from '@telltale/kernel';
import { stopWords } from './language';
import { simhash } from './simhash';
import { wordsOf } from './words';

const MAX_WORDS = 60;
const NEAR_BITS = 20;

/** What people ask for, and the words they ask with: English, then German, French, Spanish, Italian, Portuguese and Dutch. */
export const ACTIONS: Readonly<Record<string, string>> = {
  cancel:
    'cancel abort revoke terminate undo unsubscribe stornieren stornierung storniere kündigen kündigung abbestellen widerrufen annuler annulation résilier résiliation cancelar cancele cancela cancelación anular annullare annulla disdire cancellare cancelamento annuleren annuleer opzeggen',
  refund:
    'refund reimburse reimbursement chargeback moneyback erstatten erstattung rückerstattung rembourser remboursement reembolso reembolsar reembolsen rimborso rimborsare estorno terugbetalen terugbetaling',
  return:
    'return returning zurückgeben zurückschicken rücksendung retoure retourner renvoyer devolver devolución restituire reso devolução retourneren terugsturen',
  exchange:
    'exchange swap replace replacement umtauschen umtausch ersetzen échanger remplacer intercambiar reemplazar sostituire substituir omruilen',
  book: 'book reserve schedule order buy purchase booking reservation buchen reservieren bestellen kaufen réserver commander acheter reservar comprar prenotare ordinare acquistare comprare encomendar boeken reserveren kopen',
  change:
    'change modify update edit reschedule switch move upgrade downgrade rename correct ändern umbuchen verschieben aktualisieren changer modifier cambiar modificar actualizar cambiare modificare spostare mudar alterar wijzigen veranderen omboeken aanpassen',
  find: 'find search look show list locate track where get fetch lookup suchen finden zeigen chercher trouver montrer buscar encontrar mostrar dónde cercare trovare mostrare procurar onde zoeken vinden tonen',
  explain:
    'explain why how what describe define mean tell understand erklären warum expliquer pourquoi explicar spiegare perché uitleggen waarom',
  create:
    'create write generate draft build compose add register erstellen schreiben créer rédiger écrire crear escribir creare scrivere criar escrever schrijven',
  fix: 'fix repair broken debug solve error problem issue fail fails failed failing wrong crash reparieren kaputt fehler réparer panne erreur problème arreglar reparar problema roto riparare errore rotto consertar erro quebrado repareren kapot fout probleem',
  summarise: 'summarise summarize summary shorten condense tldr zusammenfassen résumer resumir riassumere samenvatten',
  translate: 'translate translation übersetzen traduire traducir tradurre traduzir vertalen',
  compare: 'compare versus difference better vergleichen comparer comparar confrontare vergelijken',
  delete:
    'delete remove erase clear löschen entfernen supprimer effacer eliminar borrar eliminare rimuovere excluir apagar remover verwijderen wissen',
  pay: 'pay payment charge charged billing invoice bill bezahlen zahlen zahlung rechnung payer paiement facture pagar pago factura pagare pagamento fattura fatura betalen betaling factuur',
  complain:
    'complain complaint unhappy terrible unacceptable disappointed beschweren beschwerde reklamation réclamation plainte queja reclamación reclamo lamentela reclamação klacht klagen',
  transfer:
    'transfer human representative operator supervisor mitarbeiter conseiller humain humano operatore atendente medewerker',
};
const ACTION_OF = new Map(
  Object.entries(ACTIONS).flatMap(([action, words]) => words.split(' ').map((word) => [word, action] as const)),
);
/** Words that say what is done only when no stronger one is there: `tell me how to cancel` is about cancelling. */
const WEAK = new Set(['find', 'explain', 'fix', 'pay']);

/** Of these words, the ones that are also what something is done to. */
const THINGS = new Set(
  'booking reservation order payment invoice bill charge repair translation error problem issue rechnung zahlung facture paiement factura pago fattura pagamento fatura factuur betaling fehler erreur problème problema errore erro'.split(
    ' ',
  ),
);

/** Those that are nouns in another language. */
const NOUNS_ELSEWHERE = new Set(['van', 'son', 'die']);
const EMPTY = new Set([
  ...(
    'a an the my our your their his her its this that these those i you we they he she it me us them and or but if so to of in on at by for ' +
    'from with about as is are was were be been am do does did have has had can could would should will may might must please hi hello hey ' +
    "thanks thank good morning want need like help just also there here not no yes any some all out up into i'd i'm i've don't it's can't " +
    'which who when one new let know sure ok okay trying try able really very now today tomorrow right moment handy back ahead much well great ' +
    'instead soon way lot bit thing something anything everything first second due until user number id upcoming because current same different own make ' +
    'looking possible needed go going get got more other another please ' +
    'hallo guten tag möchte will würde gerne brauche danke bonjour voudrais veux peux pouvez merci hola buenos días quisiera necesito puede puedes gracias ' +
    'ciao buongiorno vorrei posso può grazie olá bom dia gostaria preciso pode obrigado goedemorgen graag kunt dank'
  ).split(' '),
  ...[...stopWords()].filter((word) => !NOUNS_ELSEWHERE.has(word)),
]);

const singular = (word: string): string =>
  word.length > 4 && word.endsWith('ies')
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && word.endsWith('s') && !word.endsWith('ss')
      ? word.slice(0, -1)
      : word;

export interface Intent {
  /** Name of the cluster: `cancel reservation`, `like: visa embassy`, or '' when nothing was said. */
  readonly label: string;
  /** The words it was reported by. */
  readonly because: readonly string[];
}

/** A label as it is kept, in order of `order`; `hash` is the near hash of the request it was made of, '' for one by rule. */
export interface StoredIntent {
  readonly order: number;
  readonly label: string;
  readonly hash: string;
}

export interface Intents {
  of(request: string): Intent;
  /** Labels that are new since the last call. */
  changes(): StoredIntent[];
}

export interface IntentOptions {
  readonly max?: number;
  readonly restored?: readonly StoredIntent[];
}

const DETERMINERS = new Set(
  'a an the my our your their his her its this that these those any some der die das den dem ein eine einen mein meine meinen le la les un une mon ma mes el los las una mi mis il lo gli mio mia o os uma meu minha de het een mijn'.split(
    ' ',
  ),
);
/** `scheduled`, `going`, `recently`: what follows a noun and is none. */
const NO_NOUN = /(?:ed|ing|ly)$/;
const REACH = 8;

/** What is done to: after the action, the noun at the end of a phrase that a determiner opens, else the next word that can be a thing. */
function objectIn(words: readonly string[], action: number, isObject: (word: string) => boolean): string | undefined {
  const after = words.slice(action + 1, action + 1 + REACH);
  for (const [i, word] of after.entries()) {
    if (isObject(word) && !NO_NOUN.test(word)) return word;
    if (!DETERMINERS.has(word)) continue;
    const phrase = after.slice(i + 1, i + 5);
    const first = phrase.findIndex((one) => isObject(one) && !NO_NOUN.test(one));
    if (first < 0) continue;
    let last = first;
    while (last + 1 < phrase.length && isObject(phrase[last + 1] as string) && !NO_NOUN.test(phrase[last + 1] as string)) last++;
    return phrase[last];
  }
  return words.find((word) => isObject(word) && !NO_NOUN.test(word));
}

/** What the word at a place asks for: `my booking` asks for none. */
function actionAt(words: readonly string[], i: number): string | undefined {
  const word = words[i] as string;
  if (THINGS.has(singular(word)) && DETERMINERS.has(words[i - 1] ?? '')) return undefined;
  return ACTION_OF.get(word) ?? ACTION_OF.get(singular(word));
}

function byRule(words: readonly string[]): Intent | null {
  let at = -1;
  let action = '';
  for (const i of words.keys()) {
    const found = actionAt(words, i);
    if (!found || (action !== '' && !(WEAK.has(action) && !WEAK.has(found)))) continue;
    action = found;
    at = i;
    if (!WEAK.has(found)) break;
  }
  if (at < 0) return null;
  const isObject = (word: string): boolean =>
    !EMPTY.has(word) &&
    !DETERMINERS.has(word) &&
    (THINGS.has(word) ? word !== words[at] : !ACTION_OF.has(singular(word))) &&
    !/[\d'’]/.test(word) &&
    word.length > 2;
  const object = objectIn(words, at, isObject);
  const because = [words[at] ?? '', ...(object ? [object] : [])];
  return { label: object ? `${action} ${singular(object)}` : action, because };
}

/**
 * What a request wants: an action and its object by rules, else the nearest earlier request without such words. At most `max` labels;
 * beyond it a rule's label is its action alone, and the rest is `other`. Same requests in the same order, same labels, also across a restore.
 */
export function createIntents({ max = 1_000, restored = [] }: IntentOptions = {}): Intents {
  const labels = new Set<string>();
  const clusters: { readonly halves: readonly [number, number]; readonly label: string }[] = [];
  let fresh: StoredIntent[] = [];
  const enter = (label: string, hash: string): void => {
    labels.add(label);
    if (hash !== '') clusters.push({ halves: simhashWords(hash), label });
  };
  const admit = (label: string, instead: string, hash = ''): string => {
    if (labels.has(label)) return label;
    if (labels.size >= max) return instead;
    fresh.push({ order: labels.size, label, hash });
    enter(label, hash);
    return label;
  };
  for (const { label, hash } of [...restored].sort((a, b) => a.order - b.order)) enter(label, hash);

  function of(request: string): Intent {
    const words = wordsOf(request.slice(0, 2_000), MAX_WORDS);
    const ruled = byRule(words);
    if (ruled) return { label: admit(ruled.label, ruled.label.split(' ', 1)[0] ?? ''), because: ruled.because };
    const said = [...new Set(words.filter((word) => !EMPTY.has(word) && !/[\d'’]/.test(word)).map(singular))].sort();
    if (said.length === 0) return { label: '', because: [] };
    const hash = simhash(said.join(' '));
    const halves = simhashWords(hash);
    const near = clusters.find((cluster) => distanceOf(cluster.halves, halves) <= NEAR_BITS);
    const label = near?.label ?? admit(`like: ${said.slice(0, 3).join(' ')}`, 'other', hash);
    return { label, because: said.slice(0, 5) };
  }

  return {
    of,
    changes() {
      const list = fresh;
      fresh = [];
      return list;
    },
  };
}
