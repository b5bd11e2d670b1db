export { masterKeyFrom, openKeyFile } from './master-key';
export { createEncryptor, type KeyFolder, openKeyFolder, type EncryptorOptions } from './encryptor';
export { createRecordSigner } from './record-signer';
export { createSecretBox } from './secret-box';
export { openPseudonymKeys, subjectKeysDir } from './pseudonym-key';
export { openSubjectKeys, type SubjectKeyFolder } from './subject-keys';
