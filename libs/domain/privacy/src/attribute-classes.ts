import { byName } from './by-name';
import { wordsOf } from './field-names';
import { isSecretName } from './secret-names';
import { isSubjectName } from './subjects';

/**
 * What may stand under the name of an attribute. `secret`: nothing of it is kept. `content`: what people, models and tools said. `identifier`: ids
 * of anything. `safe`: what programs count, name and choose.
 */
export type AttributeClass = 'secret' | 'content' | 'identifier' | 'safe';

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words of names whose values are figures, wherever they stand. */
const FIGURES = setOf('usage token tokens cost costs count penalty ms seconds');
/** Last words of names of what was said, asked and answered. */
const CONTENT = setOf(
  'input inputs output outputs value values prompt prompts completion completions message messages content text texts arguments argument args parameters ' +
    'request response result results object query documents document body description reason reasoning instructions instruction events data msg ctx choices chunk ' +
    'stacktrace comment feedback question answer transcript summary note title tags metadata calls call label definitions definition functions function tools schema ' +
    'embedding embeddings headers error errors details address statement',
);
const IDENTIFIERS = setOf('id ids uuid key keys fingerprint hash ns instance user thread session');
/** Last words of names of what a program is, chooses and counts. */
const SAFE = setOf(
  'name model provider system type kind version versions release environment region level score status code language format seed tier stream streaming top k temperature success escaped ' +
    'role url uri path route endpoint file node step triggers mode tracing otel only integration agent method operation subtype port time timestamp finish index ratio length attempt class cycle retries setting settings size limit ' +
    'enabled root second rank sequences weight ring zone host os arch platform runtime category field created chars bytes',
);
const FINISH = setOf('finish stop');
/** Addresses of machines. */
const MACHINES = setOf('server client peer source destination host');

function classOfWords(words: readonly string[]): AttributeClass | null {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (words.some((word) => FIGURES.has(word))) return 'safe';
  if (IDENTIFIERS.has(last)) return 'identifier';
  if (FINISH.has(before) && (last === 'reason' || last === 'reasons')) return 'safe';
  if (MACHINES.has(before) && last === 'address') return 'safe';
  if (CONTENT.has(last)) return 'content';
  return SAFE.has(last) ? 'safe' : null;
}

const MAX_NAME = 200;
const classByName = byName((name): AttributeClass | null => {
  if (isSecretName(name)) return 'secret';
  return isSubjectName(name) ? 'identifier' : classOfWords(wordsOf(name).filter((word) => !/^\d*$/.test(word)));
});

/** The class of an attribute by its name; null for names whose last word says nothing. */
export const classOfAttribute = (name: string): AttributeClass | null => (name.length > MAX_NAME ? null : classByName(name));
