export { type AttributeClass, classOfAttribute } from './attribute-classes';
export { isSecretName } from './secret-names';
export { createPseudonyms, type Pseudonyms } from './pseudonym';
export {
  createPolicy,
  createReplace,
  keepsContent,
  keepsDetails,
  MASK,
  withoutPlaceholders,
  type PrivacyMode,
  type PrivacyPolicy,
  type PrivacyType,
  type PrivacyTypes,
} from './policy';
export { decryptPseudonym, type PseudonymRecord, encryptPseudonym, type SubjectKeys } from './subject-keys';
export { type Match } from './match';
export { type Mode } from './scan-text';
export { createRedactionCounts, FAILED, findSpans, type Replace, type RedactionCounts } from './redact-plain';
export { redactIdentifier, redactName } from './redact-name';
export { modeOfAttribute, redactField, redactStack, redactText, redactToText, redactValue } from './redact-value';
export { type KnownId } from './recall-ids';
export { createSubjects, type Subjects } from './subjects';
export { findLeaks } from './find-leaks';
export { type SdkRule, type SdkRules } from './sdk-rule';
export { SDK_RULES } from './sdk-rules';
export { createSdkRedactor, type SdkRedactor } from './sdk-redact';
export { KEPT_AS, storedUnder, wordsOfPolicy } from './kept-text';
