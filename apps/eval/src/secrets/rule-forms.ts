/** What a value of one public rule looks like, and where it is recognized. */
export interface RuleForm {
  /** Name of the rule in the public list. */
  readonly id: string;
  /** A pattern that `samplePattern` can draw values from. What is before `‹` is an address that need not be masked. */
  readonly pattern: string;
  /** `bare`: the form alone tells; `named`: only the name beside it does; `place`: only in the text of `PLACES`. */
  readonly kind: 'bare' | 'named' | 'place';
}

const table = (kind: RuleForm['kind'], lines: string): RuleForm[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const at = line.indexOf(' ');
      return { id: line.slice(0, at), pattern: line.slice(at + 1).trim(), kind };
    });

/**
 * Ids, prefixes, alphabets and lengths of the rules of gitleaks, config/gitleaks.toml at 009e025 (MIT, copyright (c) 2019 Zachary Rice, notice in
 * LICENSE-gitleaks): facts of what vendors issue, written down again as patterns of the value alone.
 */
const BARE = String.raw`
1password-secret-key A3-[A-Z0-9]{6}-([A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}
1password-service-account-token ops_eyJ[a-zA-Z0-9+/]{250,320}={0,3}
adobe-client-secret p8e-[a-z0-9]{32}
age-secret-key AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}
alibaba-access-key-id LTAI[a-zA-Z0-9]{20}
anthropic-admin-api-key sk-ant-admin01-[a-zA-Z0-9_-]{93}AA
anthropic-api-key sk-ant-api03-[a-zA-Z0-9_-]{93}AA
artifactory-api-key AKCp[A-Za-z0-9]{69}
artifactory-reference-token cmVmd[A-Za-z0-9]{59}
atlassian-api-token ATATT3[A-Za-z0-9_=-]{186}
authress-service-client-access-key (sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120}
aws-access-token (A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}
azure-ad-client-secret [a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34}
clickhouse-cloud-api-secret-key 4b1d[A-Za-z0-9]{38}
clojars-api-token CLOJARS_[a-z0-9]{60}
cloudflare-origin-ca-key v1\.0-[a-f0-9]{24}-[a-f0-9]{146}
databricks-api-token dapi[a-f0-9]{32}(-\d)?
defined-networking-api-token dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}
digitalocean-access-token doo_v1_[a-f0-9]{64}
digitalocean-pat dop_v1_[a-f0-9]{64}
digitalocean-refresh-token dor_v1_[a-f0-9]{64}
doppler-api-token dp\.pt\.[a-z0-9]{43}
duffel-api-token duffel_(test|live)_[a-z0-9_=-]{43}
dynatrace-api-token dt0c01\.[a-z0-9]{24}\.[a-z0-9]{64}
easypost-api-token EZAK[a-z0-9]{54}
easypost-test-api-token EZTK[a-z0-9]{54}
facebook-page-access-token EAA[MC][a-z0-9]{100,140}
flutterwave-encryption-key FLWSECK_TEST-[a-h0-9]{12}
flutterwave-public-key FLWPUBK_TEST-[a-h0-9]{32}-X
flutterwave-secret-key FLWSECK_TEST-[a-h0-9]{32}-X
flyio-access-token (fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+/]{100,120}={0,3}|fm2_[a-zA-Z0-9+/]{100,120}={0,3})
frameio-api-token fio-u-[a-z0-9_=-]{64}
gcp-api-key AIza[\w-]{35}
github-app-token (ghu|ghs)_[0-9a-zA-Z]{36}
github-fine-grained-pat github_pat_\w{82}
github-oauth gho_[0-9a-zA-Z]{36}
github-pat ghp_[0-9a-zA-Z]{36}
github-refresh-token ghr_[0-9a-zA-Z]{36}
gitlab-cicd-job-token glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}
gitlab-deploy-token gldt-[0-9a-zA-Z_-]{20}
gitlab-feature-flag-client-token glffct-[0-9a-zA-Z_-]{20}
gitlab-feed-token glft-[0-9a-zA-Z_-]{20}
gitlab-incoming-mail-token glimt-[0-9a-zA-Z_-]{25}
gitlab-kubernetes-agent-token glagent-[0-9a-zA-Z_-]{50}
gitlab-oauth-app-secret gloas-[0-9a-zA-Z_-]{64}
gitlab-pat glpat-[\w-]{20}
gitlab-pat-routable glpat-[0-9a-zA-Z_-]{27,60}\.[0-9a-z]{2}[0-9a-z]{7}
gitlab-ptt glptt-[0-9a-f]{40}
gitlab-rrt GR1348941[\w-]{20}
gitlab-runner-authentication-token glrt-[0-9a-zA-Z_-]{20}
gitlab-runner-authentication-token-routable glrt-t\d_[0-9a-zA-Z_-]{27,60}\.[0-9a-z]{2}[0-9a-z]{7}
gitlab-scim-token glsoat-[0-9a-zA-Z_-]{20}
grafana-api-key eyJrIjoi[A-Za-z0-9]{70,120}={0,3}
grafana-cloud-api-token glc_[A-Za-z0-9+/]{32,120}={0,3}
grafana-service-account-token glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}
harness-api-key (pat|sat)\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{20}
hashicorp-tf-api-token [a-zA-Z0-9]{14}\.atlasv1\.[a-zA-Z0-9_=-]{60,70}
heroku-api-key-v2 HRKU-AA[0-9a-zA-Z_-]{58}
huggingface-access-token hf_[a-zA-Z]{34}
huggingface-organization-api-token api_org_[a-zA-Z]{34}
infracost-api-token ico-[a-zA-Z0-9]{32}
intra42-client-secret s-s4t2(ud|af)-[abcdef0123456789]{64}
jwt ey[a-zA-Z0-9]{17,60}\.ey[a-zA-Z0-9/_-]{17,80}\.[a-zA-Z0-9/_-]{10,60}={0,2}
jwt-base64 ZXlK(aGJHY2lPaU|aGRXUWlPaU|cmFXUWlP|MGVYQWlPaUp)[a-zA-Z0-9/_+-]{40,160}={0,2}
linear-api-key lin_api_[a-z0-9]{40}
mailchimp-api-key [a-f0-9]{32}-us\d\d
mailgun-private-api-token key-[a-f0-9]{32}
mailgun-pub-key pubkey-[a-f0-9]{32}
maxmind-license-key [A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk
microsoft-teams-webhook https://[a-z0-9]{5,12}\.webhook\.office\.com/webhookb2/‹[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}@[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}
new-relic-browser-api-token NRJS-[a-f0-9]{19}
new-relic-insert-key NRII-[a-z0-9-]{32}
new-relic-user-api-key NRAK-[a-zA-Z0-9]{27}
notion-api-token ntn_[0-9]{11}[A-Za-z0-9]{35}
npm-access-token npm_[a-z0-9]{36}
octopus-deploy-api-key API-[A-Z0-9]{26}
openai-api-key (sk-(proj|svcacct|admin)-[A-Za-z0-9_-]{74}T3BlbkFJ[A-Za-z0-9_-]{74}|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})
openshift-user-token sha256~[\w-]{43}
perplexity-api-key pplx-[a-zA-Z0-9]{48}
plaid-api-token access-(sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
planetscale-api-token pscale_tkn_[\w=.-]{32,64}
planetscale-oauth-token pscale_oauth_[\w=.-]{32,64}
planetscale-password pscale_pw_[\w=.-]{32,64}
postman-api-token PMAK-[a-f0-9]{24}-[a-f0-9]{34}
prefect-api-token pnu_[a-zA-Z0-9]{36}
private-key -----BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY-----[A-Za-z0-9+/]{64,200}-----END PRIVATE KEY-----
pulumi-api-token pul-[a-f0-9]{40}
pypi-upload-token pypi-AgEIcHlwaS5vcmc[\w-]{50,160}
readme-api-token rdme_[a-z0-9]{70}
rubygems-api-token rubygems_[a-f0-9]{48}
scalingo-api-token tk-us-[\w-]{48}
sendgrid-api-token SG\.[a-zA-Z0-9=_.-]{66}
sendinblue-api-token xkeysib-[a-f0-9]{64}-[a-z0-9]{16}
sentry-org-token sntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,60}LCJyZWdpb25fdXJs[a-zA-Z0-9+/]{10,60}={0,2}_[a-zA-Z0-9+/]{43}
sentry-user-token sntryu_[a-f0-9]{64}
settlemint-application-access-token sm_aat_[a-zA-Z0-9]{16}
settlemint-personal-access-token sm_pat_[a-zA-Z0-9]{16}
settlemint-service-access-token sm_sat_[a-zA-Z0-9]{16}
shippo-api-token shippo_(live|test)_[a-fA-F0-9]{40}
shopify-access-token shpat_[a-fA-F0-9]{32}
shopify-custom-access-token shpca_[a-fA-F0-9]{32}
shopify-private-app-access-token shppa_[a-fA-F0-9]{32}
shopify-shared-secret shpss_[a-fA-F0-9]{32}
slack-app-token xapp-\d-[A-Z0-9]{9,12}-\d{10,13}-[a-z0-9]{40,64}
slack-bot-token xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]{10,24}
slack-config-access-token xoxe\.xox[bp]-\d-[A-Z0-9]{163,166}
slack-config-refresh-token xoxe-\d-[A-Z0-9]{146}
slack-legacy-bot-token xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}
slack-legacy-token xox[os]-\d{10,12}-\d{10,12}-\d{10,12}-[a-fA-F\d]{10,32}
slack-legacy-workspace-token xox[ar]-(\d-)?[0-9a-zA-Z]{8,48}
slack-user-token xox[pe]-[0-9]{10,13}-[0-9]{10,13}-[0-9]{10,13}-[a-zA-Z0-9-]{28,34}
slack-webhook-url (https://)?hooks\.slack\.com/(services|workflows|triggers)/‹[A-Za-z0-9+/]{43,56}
square-access-token (EAAA|sq0atp-)[\w-]{22,60}
stripe-access-token (sk|rk)_(test|live|prod)_[a-zA-Z0-9]{10,99}
telegram-bot-api-token [0-9]{8,10}:A[a-zA-Z0-9_-]{34}
twilio-api-key SK[0-9a-fA-F]{32}
twitter-bearer-token A{22}[a-zA-Z0-9%]{80,100}
typeform-api-token tfp_[a-z0-9_.=-]{59}
vault-batch-token hvb\.[\w-]{138,300}
vault-service-token (hvs\.[\w-]{90,120}|s\.[a-zA-Z0-9]{20}[0-9][a-zA-Z0-9]{3})
yandex-access-token t1\.[A-Z0-9a-z_-]{10,40}={0,2}\.[A-Z0-9a-z_-]{86}={0,2}
yandex-api-key AQVN[A-Za-z0-9_-]{35,38}
dropbox-short-lived-api-token sl\.[a-z0-9=_-]{135}
lob-api-key (live|test)_[a-f0-9]{35}
lob-pub-api-key (test|live)_pub_[a-f0-9]{31}
mapbox-api-token pk\.[a-z0-9]{60}\.[a-z0-9]{22}
`;

/** Documented by their vendors; not in the list above. */
const VENDORS = String.raw`
airtable-personal-access-token pat[a-zA-Z0-9]{14}\.[a-f0-9]{64}
cloudflare-global-key-scannable cfk_[A-Za-z0-9]{48}
cloudflare-user-token-scannable cfut_[A-Za-z0-9]{48}
tailscale-key tskey-(api|auth|client|scim|webhook)-[0-9A-Za-z]{12}-[0-9A-Za-z]{18}
vercel-token (vck|vca|vcr|vci|vcp)_[A-Za-z0-9]{56}
`;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const NAMED = String.raw`
adafruit-api-key [a-z0-9_-]{32}
adobe-client-id [a-f0-9]{32}
airtable-api-key [a-z0-9]{17}
algolia-api-key [a-z0-9]{32}
alibaba-secret-key [a-z0-9]{30}
asana-client-id [0-9]{16}
asana-client-secret [a-z0-9]{32}
atlassian-token-24 [a-z0-9]{20}[a-f0-9]{4}
beamer-api-token b_[a-z0-9=_-]{44}
bitbucket-client-id [a-z0-9]{32}
bitbucket-client-secret [a-z0-9=_-]{64}
bittrex-access-key [a-z0-9]{32}
bittrex-secret-key [a-z0-9]{32}
cisco-meraki-api-key [0-9a-f]{40}
cloudflare-api-key [a-z0-9_-]{40}
cloudflare-global-api-key [a-f0-9]{37}
codecov-access-token [a-z0-9]{32}
cohere-api-token [a-zA-Z0-9]{40}
coinbase-access-token [a-z0-9_-]{64}
confluent-access-token [a-z0-9]{16}
confluent-secret-key [a-z0-9]{64}
contentful-delivery-api-token [a-z0-9=_-]{43}
database-password [a-zA-Z0-9!$?^]{8,24}
datadog-access-token [a-z0-9]{40}
discord-api-token [a-f0-9]{64}
discord-client-id [0-9]{18}
discord-client-secret [a-z0-9=_-]{32}
droneci-access-token [a-z0-9]{32}
dropbox-api-token [a-z0-9]{15}
dropbox-long-lived-api-token [a-z0-9]{11}AAAAAAAAAA[a-z0-9_=-]{43}
etsy-access-token [a-z0-9]{24}
facebook-access-token \d{15,16}\|[0-9a-z_-]{27,40}
facebook-secret [a-f0-9]{32}
fastly-api-token [a-z0-9=_-]{32}
finicity-api-token [a-f0-9]{32}
finicity-client-secret [a-z0-9]{20}
finnhub-access-token [a-z0-9]{20}
flickr-access-token [a-z0-9]{32}
freshbooks-access-token [a-z0-9]{64}
generic-api-key [\w.=-]{10,150}
gitlab-session-cookie [0-9a-z]{32}
gitter-access-token [a-z0-9_-]{40}
gocardless-api-token live_[a-z0-9_=-]{40}
hashicorp-tf-password [a-z0-9=_-]{8,20}
heroku-api-key ${UUID}
hubspot-api-key [0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}
intercom-api-key [a-z0-9=_-]{60}
jfrog-api-key [a-z0-9]{73}
jfrog-identity-token [a-z0-9]{64}
kraken-access-token [a-z0-9/=_+-]{80,90}
kucoin-access-token [a-f0-9]{24}
kucoin-secret-key ${UUID}
launchdarkly-access-token [a-z0-9=_-]{40}
linear-client-secret [a-f0-9]{32}
linkedin-client-id [a-z0-9]{14}
linkedin-client-secret [a-z0-9]{16}
mailgun-signing-key [a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}
mattermost-access-token [a-z0-9]{26}
messagebird-api-token [a-z0-9]{25}
messagebird-client-id ${UUID}
netlify-access-token [a-z0-9=_-]{40,46}
new-relic-user-api-id [a-z0-9]{64}
nytimes-access-token [a-z0-9=_-]{32}
okta-access-token 00[\w=-]{40}
plaid-client-id [a-z0-9]{24}
plaid-secret-key [a-z0-9]{30}
privateai-api-token [a-z0-9]{32}
rapidapi-access-token [a-z0-9_-]{50}
sendbird-access-id ${UUID}
sendbird-access-token [a-f0-9]{40}
sentry-access-token [a-f0-9]{64}
sidekiq-secret [a-f0-9]{8}:[a-f0-9]{8}
snyk-api-token ${UUID}
sonar-api-token [a-z0-9=_-]{40}
sourcegraph-access-token (sgp_[a-f0-9]{16}_|sgp_local_|sgp_)?[a-fA-F0-9]{40}
squarespace-access-token ${UUID}
sumologic-access-id su[a-zA-Z0-9]{12}
sumologic-access-token [a-z0-9]{64}
travisci-access-token [a-z0-9]{22}
twitch-api-token [a-z0-9]{30}
twitter-access-secret [a-z0-9]{45}
twitter-access-token [0-9]{15,25}-[a-zA-Z0-9]{20,40}
twitter-api-key [a-z0-9]{25}
twitter-api-secret [a-z0-9]{50}
yandex-aws-access-token YC[a-zA-Z0-9_-]{38}
zendesk-secret-key [a-z0-9]{40}
`;

const PLACED = String.raw`
curl-auth-header [\w=~@.+/-]{8,40}
curl-auth-user [\w.-]{5,24}
freemius-secret-key sk_[a-zA-Z0-9$%!]{29}
kubernetes-secret-yaml [a-zA-Z0-9+/]{12,60}={0,2}
sidekiq-sensitive-url [a-f0-9]{8}:[a-f0-9]{8}
nuget-config-password [\w!+%.-]{8,24}
`;

/** Texts of the rules that look at a place, not at a form: `{}` is the value. */
export const PLACES: Readonly<Record<string, readonly string[]>> = {
  'curl-auth-header': [`curl -H "Authorization: Token {}" https://api.test`, `curl -X GET --header 'X-Api-Key: {}' https://api.test`],
  'curl-auth-user': ['curl -u admin:{} https://api.test', `curl -s --user 'admin:{}' https://api.test`],
  'freemius-secret-key': [`'secret_key' => '{}',`, `"secret_key" => "{}"`],
  'kubernetes-secret-yaml': ['apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  value: {}\n', 'kind: Secret\ntype: Opaque\ndata:\n  url: "{}"\n'],
  'sidekiq-sensitive-url': ['https://{}@gems.contribsys.com/', 'source "https://{}@enterprise.contribsys.com/"'],
  'nuget-config-password': ['<add key="ClearTextPassword" value="{}" />', '<add key="Password" value="{}"/>'],
}; // prettier-ignore

/** All rules of the list but `pkcs12-file`, which looks at names of files only. */
export const RULE_FORMS: readonly RuleForm[] = [
  ...table('bare', BARE),
  ...table('bare', VENDORS),
  ...table('named', NAMED),
  ...table('place', PLACED),
];
