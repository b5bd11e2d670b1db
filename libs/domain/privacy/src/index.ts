export { isSecretName } from './secret-names';
export { createPseudonyms, type Pseudonyms } from './pseudonym';
export {
  createReplace,
  keepsContent,
  keepsDetails,
  MASK,
  withoutPlaceholders,
  type PrivacyMode,
  type PrivacyPolicy,
} from './policy';
export { openPseudonym, type PseudonymRecord, sealPseudonym, type SubjectKeys } from './subject-keys';
export { type Match } from './match';
export { type Mode } from './scan-text';
export { createTally, FAILED, findSpans, redactText, type Replace, type Tally } from './redact-text';
export { redactIdentifier, redactName } from './redact-name';
export { modeOfAttribute, redactField, redactStack, redactToText, redactValue } from './redact-value';
