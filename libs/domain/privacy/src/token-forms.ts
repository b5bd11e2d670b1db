import { ALNUM, DIGIT, DOT, HEX, JOINT, KEY, PERCENT, TILDE, TOKEN, UPPER } from './characters';

/** A token that its prefix tells. Lengths are in characters. */
export interface TokenForm {
  readonly id: string;
  readonly prefix: string;
  /** Character classes of what follows the prefix, and how many there are. */
  readonly made: number;
  readonly least: number;
  readonly most: number;
  /** Position in the prefix of the character that triggers the check: one that is rare after the one before it. */
  readonly telling: number;
  /** `digit`: without a digit or 32 characters it is a word; `mixed`: without a digit or both cases it is. */
  readonly needs: 'digit' | 'mixed' | 'nothing';
  /** The prefix in any case. */
  readonly isAnyCase: boolean;
  /** Only what follows the prefix is secret: an address. */
  readonly keepsPrefix: boolean;
  /** Characters before the prefix that belong to the token. */
  readonly lead: number;
  /** The whole token, where classes and length do not tell enough. */
  readonly shape: RegExp | null;
}

export const MAX_TOKEN = 4_096;
const DOTTED = TOKEN | DOT;
const KINDS: Readonly<Record<string, number>> = { alnum: ALNUM, hex: HEX, upper: UPPER | DIGIT, 'upper-': UPPER | DIGIT | JOINT, percent: ALNUM | PERCENT, token: TOKEN, key: KEY, dotted: DOTTED, dotkey: KEY | DOT, tilde: DOTTED | TILDE }; // prettier-ignore

/**
 * One form a line: id, prefixes (`a|b`), characters, length (`20`: at least, `20-30`: between), and flags: `digit`, `mixed`, `any-case`,
 * `keeps-prefix`, `at=N` for the telling character (else the last of the prefix), `lead=N`.
 *
 * Prefixes, alphabets and lengths are facts that vendors publish. This part was derived from the rules of gitleaks, config/gitleaks.toml at
 * 009e025 (MIT, copyright (c) 2019 Zachary Rice, notice in LICENSE-gitleaks).
 */
const LISTED = `
1password A3- upper- 36-37
1password-service ops_ key 20 digit
adobe p8e- token 16 digit
age AGE-SECRET-KEY-1 upper 50 at=3
alibaba LTAI alnum 12-30 digit at=1
anthropic-openai sk- token 16 digit
artifactory AKCp alnum 60 at=1
artifactory cmVmd alnum 50 at=2
atlassian ATATT3|ATCTT3 key 40 at=1
authress sc_|ext_|scauth_|authress_ dotkey 50
aws AKIA|ASIA|ABIA|ACCA upper 16 at=1
aws A3T upper 17-17 digit
azure-ad Q~ tilde 30-36 at=1 lead=4
clickhouse 4b1d alnum 38-38 at=1
clojars CLOJARS_ key 20 digit any-case
cloudflare-origin v1.0- token 100
databricks dapi alnum 32 at=2
defined-networking dnkey- key 60
digitalocean dop_v1_|doo_v1_|dor_v1_ token 24 any-case
doppler dp.pt. dotted 24
dropbox sl. dotkey 100-200
duffel duffel_live_|duffel_test_ key 20 digit
dynatrace dt0c01. dotted 40
easypost EZAK|EZTK alnum 40 at=1
facebook-page EAAM|EAAC alnum 56 at=2
flutterwave FLWSECK_TEST-|FLWSECK-|FLWPUBK_TEST-|FLWPUBK- token 12 any-case
flyio fo1_|fm1a_|fm1r_|fm2_ key 20 mixed
frameio fio-u- key 20 mixed
gcp AIza token 30 at=2
github ghp_|gho_|ghu_|ghs_|ghr_ alnum 20
github github_pat_ token 20
gitlab glpat-|gldt-|glrt-|glcbt-|glptt-|glft-|glsoat-|glagent-|glffct-|glimt-|gloas-|glrtr- dotted 16 mixed
gitlab-runner GR1348941 token 16 at=1
grafana glc_|glsa_ key 20 digit any-case
harness pat.|sat. dotted 60
hashicorp .atlasv1. dotkey 20 at=8 lead=14
heroku HRKU-AA token 40 at=4
huggingface hf_|api_org_ key 20 digit
infracost ico- alnum 28-40 mixed
intra42 s-s4t2ud-|s-s4t2af- hex 60
jwt ey dotkey 40 at=1
jwt-base64 ZXlK key 40 at=1
linear lin_api_|lin_oauth_ key 20 digit
lob live_|test_|live_pub_|test_pub_ hex 31-36
mailchimp -us alnum 1-2 at=1 lead=32
mailgun key-|pubkey- hex 28
mapbox pk.|sk.|tk. dotted 60
maxmind _mmk key 0-0 at=3 lead=36
newrelic NRAK-|NRII-|NRJS- token 16 digit any-case
notion ntn_|secret_ key 20 digit
npm npm_ alnum 30 any-case
octopus API- upper 26-26 digit
openshift sha256~ token 40
perplexity pplx- token 16 digit
plaid access-sandbox-|access-development-|access-production- token 32
planetscale pscale_tkn_|pscale_pw_|pscale_oauth_ dotkey 20 mixed any-case
postman PMAK- token 16 digit
prefect pnu_ key 20 digit
pulumi pul- token 16 digit
pypi pypi- token 40
readme rdme_ key 20 digit
rubygems rubygems_ key 20 digit
scalingo tk-us- token 40
sendgrid SG. dotkey 20
sendinblue xkeysib-|xsmtpsib- token 16 digit
sentry sntrys_|sntryu_ key 20 digit
settlemint sm_aat_|sm_pat_|sm_sat_ alnum 16 mixed
shippo shippo_live_|shippo_test_ key 20 digit
shopify shpat_|shpca_|shppa_|shpss_ token 24
slack xoxa-|xoxb-|xoxc-|xoxd-|xoxe-|xoxo-|xoxp-|xoxr-|xoxs-|xapp- token 8 any-case
slack xoxe.xoxb-|xoxe.xoxp- token 40 any-case
slack-webhook hooks.slack.com/services/|hooks.slack.com/workflows/|hooks.slack.com/triggers/ key 20 keeps-prefix at=5
sourcegraph sgp_ token 20 digit any-case
square EAAA token 22 mixed at=2
square sq0csp-|sq0atp-|sq0idp- token 16 digit
stripe sk_live_|sk_test_|rk_live_|rk_test_|pk_live_|pk_test_|sk_prod_|rk_prod_ token 10
twilio SK hex 32-32
twitter-bearer AAAAAAAAAAAAAAAAAAAAAA percent 60 at=2
typeform tfp_ dotkey 20 digit
vault hvs.|hvb.|hvr. dotted 20
vault-legacy s. alnum 24-24 digit
yandex t1. dotkey 80
yandex AQVN token 35-40 digit at=1
`;

/** Documented by vendors, or seen in their public examples. */
const VENDORS = `
apify apify_api_ alnum 24 digit
aws-bedrock ABSK key 80 at=3
aws-bedrock bedrock-api-key- key 40
bitbucket ATBB alnum 28 at=1
brave-csk-firecrawl csk-|fc- token 16 digit
cloudflare cfut_|cfat_|cfk_ alnum 40
docker dckr_pat_|dckr_oat_ key 20 digit
doppler dp.st.|dp.ct.|dp.sa.|dp.scim.|dp.audit. dotted 24
e2b e2b_ key 20 digit
facebook-user EAA alnum 80 mixed at=2
figma figd_ key 20 digit
fireworks fw_ key 20 digit
google GOCSPX- token 16 mixed
google ya29. dotted 20
grok-nvidia-tavily xai-|nvapi-|tvly- token 16 digit
groq gsk_ key 20 digit
hubspot pat-na1-|pat-na2-|pat-eu1-|pat-ap1- token 30 digit
jina jina_ key 20 digit
langsmith lsv2_pt_|lsv2_sk_ key 20 digit
launchdarkly sdk-|mob- token 36-36 digit
mapbox pk.eyJ|sk.eyJ dotted 20 at=2
netlify nfp_ key 20 digit
openai-session sess- token 16 digit
pinecone pcsk_ key 20 digit
posthog phc_|phx_ key 20 digit
replicate r8_ key 20 digit
runpod rpa_ key 30 digit
sonar sqp_|squ_|sqa_ key 20 digit
stripe-webhook whsec_ key 20 digit
supabase sbp_|sb_secret_ key 20 digit
tailscale tskey- token 20 digit
together tgp_v1_ key 20 digit
turso-live live_pk_ key 20 digit
vercel vck_|vca_|vcr_|vci_|vcp_ alnum 24 mixed
vercel vercel_ key 20 digit
`;

/** Whole tokens whose prefix is too short to tell them by itself; by id. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  '1password': /^A3-[A-Z\d]{6}-(?:[A-Z\d]{11}|[A-Z\d]{6}-[A-Z\d]{5})(?:-[A-Z\d]{5}){3}$/,
  authress: /^[a-z]+_[a-z\d]{5,30}\.[a-z\d]{4,6}\.acc[_-][a-z\d-]{10,32}\.[\w+/=-]{30,120}$/i,
  'azure-ad': /^[\w~.]{3}\dQ~[\w~.-]{31,34}$/,
  databricks: /^dapi[a-f\d]{32}$/,
  harness: /^[ps]at\.[\w-]{22}\.[A-Za-z\d]{24}\.[A-Za-z\d]{20}$/,
  jwt: /^ey[A-Za-z\d]{17,}\.ey[\w/-]{17,}\.[\w/=-]*$/,
  launchdarkly: /^\w{3}-[a-f\d]{8}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{12}$/,
  lob: /^(?:live|test)_(?:pub_[a-f\d]{31}|[a-f\d]{35})$/,
  mailchimp: /^[a-f\d]{32}-us\d{1,2}$/,
  mapbox: /^[pst]k\.(?:eyJ[\w-]+\.[\w-]+|[a-z\d]{60}\.[a-z\d]{22})$/i,
  maxmind: /^[A-Za-z\d]{6}_[A-Za-z\d]{29}_mmk$/,
  yandex: /^(?:AQVN.*|t1\.[\w-]+={0,2}\.[\w-]{86}={0,2})$/,
};

function parse(line: string): TokenForm[] {
  const [id = '', prefixes = '', kinds = '', lengths = '', ...flags] = line.split(' ');
  const [least = 0, most = MAX_TOKEN] = lengths.split('-').map(Number);
  const numberOf = (flag: string): number | undefined => {
    const found = flags.find((one) => one.startsWith(`${flag}=`));
    return found === undefined ? undefined : Number(found.slice(flag.length + 1));
  };
  return prefixes.split('|').map((prefix) => ({
    id,
    prefix,
    made: KINDS[kinds] ?? TOKEN,
    least,
    most,
    telling: numberOf('at') ?? prefix.length - 1,
    needs: flags.includes('digit') ? 'digit' : flags.includes('mixed') ? 'mixed' : 'nothing',
    isAnyCase: flags.includes('any-case'),
    keepsPrefix: flags.includes('keeps-prefix'),
    lead: numberOf('lead') ?? 0,
    shape: SHAPES[id] ?? null,
  }));
}

export const TOKEN_FORMS: readonly TokenForm[] = `${LISTED}${VENDORS}`.split('\n').filter(Boolean).flatMap(parse);
