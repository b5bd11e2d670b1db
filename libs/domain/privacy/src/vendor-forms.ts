import { createTriples } from './context-keywords';
import { type Strength, toSnake, WEAK } from './secret-names';

// Credentials that only the vendor's name beside them tells: 32 hex digits are a key after `adobe_client_id =`, and a trace id elsewhere.

/**
 * Vendor (a part of the name) and forms of its values. Names, alphabets and lengths were derived from the rules of gitleaks,
 * config/gitleaks.toml at 009e025 (MIT, copyright (c) 2019 Zachary Rice, notice in LICENSE-gitleaks).
 */
const LINES = String.raw`
adafruit [a-z\d_-]{32}
adobe [a-f\d]{32}
airtable [a-z\d]{17}
algolia [a-z\d]{32}
alibaba [a-z\d]{30}
asana \d{16}|[a-z\d]{32}
atlassian|confluence|jira [a-z\d]{24}
beamer b_[a-z\d=_-]{44}
bitbucket [a-z\d]{32}|[a-z\d=_-]{64}
bittrex [a-z\d]{32}
meraki [a-f\d]{40}
cloudflare [a-z\d_-]{40}|[a-f\d]{37}
codecov|droneci|flickr|privateai|private_ai [a-z\d]{32}
cohere [a-z\d]{40}
coinbase [a-z\d_-]{64}
confluent [a-z\d]{16}|[a-z\d]{64}
contentful [a-z\d=_-]{43}
datadog|zendesk [a-z\d]{40}
discord [a-f\d]{64}|\d{18,19}|[a-z\d=_-]{32}
dropbox [a-z\d]{15}|[a-z\d]{11}A{10}[a-z\d=_-]{43}
etsy [a-z\d]{24}
facebook [a-f\d]{32}|\d{15,16}\|[a-z\d_-]{27,40}
fastly|nytimes|newyorktimes [a-z\d=_-]{32}
finicity [a-f\d]{32}|[a-z\d]{20}
finnhub [a-z\d]{20}
freshbooks [a-z\d]{64}
gitlab [a-z\d]{32}
gitter [a-z\d_-]{40}
gocardless live_[a-z\d=_-]{40}
heroku|messagebird|message_bird|sendbird|snyk|squarespace|hubspot|kucoin [a-f\d]{8}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{12}
intercom [a-z\d=_-]{60}
jfrog|artifactory|bintray|xray [a-z\d]{64}|[a-z\d]{73}
kraken [a-z\d/=_+-]{80,90}
kucoin [a-f\d]{24}
launchdarkly [a-z\d=_-]{40}
linear [a-f\d]{32}
linkedin|linked_in [a-z\d]{14}|[a-z\d]{16}
mailchimp [a-f\d]{32}-us\d\d?
mailgun [a-h\d]{32}-[a-h\d]{8}-[a-h\d]{8}
mattermost [a-z\d]{26}
messagebird|message_bird|twitter [a-z\d]{25}
netlify [a-z\d=_-]{40,46}
newrelic|new_relic [a-z\d]{64}
okta 00[\w=-]{40}
plaid [a-z\d]{24}|[a-z\d]{30}
rapidapi [a-z\d_-]{50}
sendbird|sourcegraph [a-f\d]{40}
sentry [a-f\d]{64}
contribsys [a-f\d]{8}:[a-f\d]{8}
sonar [a-z\d=_-]{40}
sumo su[a-z\d]{12}|[a-z\d]{64}
telegr \d{5,16}:A[\w-]{34}
travis [a-z\d]{22}
twitch [a-z\d]{30}
twitter [a-z\d]{45}|[a-z\d]{50}|\d{15,25}-[a-z\d]{20,40}
yandex YC[\w-]{38}
`;

interface VendorForm {
  readonly vendor: string;
  readonly form: RegExp;
}
const FORMS: readonly VendorForm[] = LINES.trim()
  .split('\n')
  .flatMap((line) => {
    const at = line.indexOf(' ');
    const form = new RegExp(`^(?:${line.slice(at + 1)})$`, 'i');
    return line
      .slice(0, at)
      .split('|')
      .map((vendor) => ({ vendor, form }));
  });

const VENDOR = createTriples({ 1: [...new Set(FORMS.map(({ vendor }) => vendor.slice(0, 3)))].join('|') });
/** First three letters of a vendor. */
export const isVendorTriple = (triple: number): boolean => VENDOR[triple] === 1;

const VENDORS = new RegExp([...new Set(FORMS.map(({ vendor }) => vendor))].join('|'));
const MAX_KNOWN = 10_000;
const known = new Map<string, boolean>();
/** Whether a name mentions a vendor. */
export function mentionsVendor(name: string): boolean {
  let does = known.get(name);
  if (does === undefined) {
    does = VENDORS.test(toSnake(name));
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, does);
  }
  return does;
}

/** Names of things that vendors number and hash, and that are no credentials. */
const NO_CREDENTIAL = /(?:trace|span|user|account|zone|org|organization|team|project|asset|file|event|request|commit|task|workspace|build|job|message|channel|guild|record|base|table|run|page|board|issue|app|application|customer|order|object|item|doc|document|release|image|layer)_?(?:id|ids|sha|hash|uuid|guid|key)$|(?:sha\d*|hash|digest|checksum|commit|revision|etag|md5)$/; // prettier-ignore
const SAYS_CREDENTIAL = /client|oauth|auth|access|api|key|token|secret|login|password|session/;
const IS_ID = /^(?:\d+|[a-f\d]{8}-(?:[a-f\d]{4}-){3}[a-f\d]{12})$/i;

/** Whether a value is a credential of the vendor that the name mentions. */
export function isVendorSecret(name: string, strength: Strength, value: string): boolean {
  const snake = toSnake(name);
  if (NO_CREDENTIAL.test(snake)) return false;
  const isDrawn = /\d/.test(value) || strength >= WEAK || (/[a-z]/.test(value) && /[a-z][A-Z]/.test(value));
  if (!isDrawn || (IS_ID.test(value) && !SAYS_CREDENTIAL.test(snake))) return false;
  return FORMS.some(({ vendor, form }) => snake.includes(vendor) && form.test(value));
}
