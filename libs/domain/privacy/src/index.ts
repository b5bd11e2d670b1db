export { isSecretName } from './secret-names';
export { createPseudonyms, type Pseudonyms } from './pseudonym';
export {
  createTally,
  FAILED,
  findSpans,
  redactField,
  redactIdentifier,
  redactName,
  redactText,
  redactToText,
  redactValue,
  type Tally,
} from './redact';
