export { readAllowedTargets } from './address-rules';
export { type DeliveryRules } from './delivery-rules';
export { openSecrets, type SecretSources } from './open-secrets';
export { type Outcome, outcomeOfAnswer, outcomeOfError } from './outcome';
export { post } from './post';
export { resolveByDns, type ResolveName } from './resolve-target';
export { sendMail } from './send-mail';
export { signatureHeaders } from './signature';
