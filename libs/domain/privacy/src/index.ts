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
export { decryptPseudonym, type PseudonymRecord, encryptPseudonym, type SubjectKeys } from './subject-keys';
export { type Match } from './match';
export { type Mode } from './scan-text';
export { createRedactionCounts, FAILED, findSpans, type Replace, type RedactionCounts } from './redact-plain';
export { redactIdentifier, redactName } from './redact-name';
export { modeOfAttribute, redactField, redactStack, redactText, redactToText, redactValue } from './redact-value';
export { createSubjects, type Subjects } from './subjects';
export { findLeaks } from './find-leaks';
