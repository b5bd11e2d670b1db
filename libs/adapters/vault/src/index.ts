export { masterKeyFrom, openKeyFile } from './master-key';
export { createSeal, type KeyFolder, openKeyFolder, type SealOptions } from './seal';
export { createRecordSigner } from './record-signer';
export { openPseudonymKeys, subjectKeysDir } from './pseudonym-key';
export { openSubjectKeys, type SubjectKeyFolder } from './subject-keys';
