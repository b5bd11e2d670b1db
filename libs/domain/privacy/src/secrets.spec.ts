import fc from 'fast-check';
import { createRedactionCounts, findSpans, redactText } from './redact-text';

// In these lines `«…»` is what must be masked, and nothing else; `\n` is a line break.
const lines = (table: string): string[] => table.trim().split('\n');
const plain = (line: string): string => line.replaceAll('\\n', '\n').replaceAll('$\\{', '${').replace(/[«»]/g, '');
const wanted = (line: string): string[] =>
  [...line.replaceAll('\\n', '\n').matchAll(/«([^»]*)»/g)].map(([, value]) => value ?? '');
const secretsOf = (text: string, mode: 'content' | 'prose'): string[] =>
  findSpans(text, mode).filter(({ placeholder }) => placeholder === '[SECRET]').map(({ start, end }) => text.slice(start, end)); // prettier-ignore

const CODE = String.raw`
password := "«hunter2»"
password: str = "«s3cr3t!»"
password: str = '«swordfish»'
os.Setenv("DB_PASSWORD","«letmein»")
:password => "«letmein»"
DB_PASS=«swordfish»
System.setProperty("javax.net.ssl.keyStorePassword", "«changeit»")
$password .= "«letmein»"
DB_PASSWORD ?= «letmein»
ALTER USER app WITH PASSWORD '«letmein»';
CREATE USER 'app'@'%' IDENTIFIED BY '«letmein»';
SET PASSWORD FOR 'bob' = PASSWORD('«letmein»');
password = String("«letmein»")
password = new SecretStr("«letmein»")
auth = HTTPBasicAuth("bob", "«letmein»")
new NetworkCredential("bob", "«letmein»")
requests.get(u, auth=("bob", "«letmein»"))
.withPassword("«letmein»")
.password("«letmein»")
client.login("bob", "«letmein»")
password="«letmein»", host="x"
connect(user='bob', password='«letmein»')
psycopg2.connect("dbname=x user=y password=«letmein1»")
Server=db;Uid=a;Pwd=«letmein1»;
{"auth":{"password":"«x»"}}
'password': '«letmein»'
"db_password" : "«letmein»"
db.password=«letmein»
spring.datasource.password: «letmein»
password «hunter2» does not work
machine h login me password «hunter2»
my password is «swordfish»
password is "«sword fish»"
pwd: «Winter2024!»
PASSWD=«Winter2024!»
let password = "«letmein»"
var password string = "«letmein»"
const PASSWORD: &str = "«letmein»";
final String password = "«letmein»";
NSString *password = @"«letmein»";
char *password = "«letmein»";
static char password[64] = "«letmein»";
wchar_t pw_password[] = L"«letmein»";
DECLARE @password NVARCHAR(50) = '«letmein»';
v_password VARCHAR2(30) := '«letmein»';
Password : constant String := "«letmein»";
password <- "«letmein»"
let password : string = "«letmein»"
(def password "«letmein»")
{:password "«letmein»"}
#define DB_PASSWORD "«letmein»"
config :app, password: "«letmein»"
@password "«letmein»"
put_env(:app, "password", "«letmein»")
ENV['DB_PASSWORD'] = '«letmein»'
ENV.fetch("DB_PASSWORD", "«letmein»")
os.environ.get("DB_PASSWORD", "«letmein»")
process.env.DB_PASSWORD || '«letmein»'
process.env.DB_PASSWORD ?? '«letmein»'
getenv("DB_PASSWORD") ?: "«letmein»"
System.getenv("DB_PASSWORD") ?: "«letmein»"
os.getenv("DB_PASSWORD") or "«letmein»"
DB_PASSWORD=$\{DB_PASSWORD:-«letmein»}
- name: DB_PASSWORD\n  value: "«letmein»"
Authorization: Basic «dXNlcjpwYXNz»
api_key=«abcdef123456»
?access_token=«abcdef123456»
net.password = «letmein»
password: |\n  «letmein»
password: >-\n  «letmein»
[password: "«letmein»"]
secret = r'«let\mein»'
token = f"«abc123def456»"
PASSWORD = """«letmein»"""
PASSWORD = '''«letmein»'''
password = \n    "«letmein»"
password: "«pä$$wörd ünï»"
db_password2 = "«letmein»"
PASSWORD_PROD="«letmein»"
dbPwd = "«letmein»"
userPassword: '«letmein»'
adminPass = "«letmein»"
"connectionString": "«Server=x;Password=y»"
access_key: «abcdef1234567890abcd»
clientSecret = "«abc»"
signing_key = "«abcdefghijklmnopqrstuv1»"
stripe_key = "«abcdefgh12345678ijklmnop»"
{\"token\": \"«abc123def»\"}
token=>"«abc123def»"
setToken("«abc123def456»")
UsernamePasswordCredentials("u", "«letmein»")
POSTGRES_PASSWORD=«mysecretpassword»
POSTGRES_PASSWORD: «mysecretpassword»
password[0] = "«letmein»"
$_ENV['API_SECRET'] = "«letmein»";
define("DB_PASSWORD", "«letmein»");
password == "«hunter22»"
if (password === '«hunter22»') {
Password for mia: «hunter22»
The password for the server is «hunter22»
wifi password: «sunflower»
pw = "«letmein»"
git clone https://«mia:hunter22»@git.test/x
`;
const SHELLS = String.raw`
mysqldump -u root --password «Tr0ub4dor&3» db
curl -u «admin:s3cret» https://x.test
curl --user "«admin:s3 cret»" https://x.test
mysql -uroot -p«Sup3rS3cret» db
mysql -u root -p'«Sup3r S3cret»' db
sshpass -p «hunter2» ssh me@host
sshpass -p'«hunter2»' ssh me@host
redis-cli -h cache -a «hunter2» ping
docker login -u mia -p «dckr1234pass» registry.test
PGPASSWORD=«hunter» psql -h db
export DB_PASSWORD=«hunter»
set DB_PASSWORD=«hunter»
heroku config:set SECRET_KEY=«abc123def»
kubectl create secret generic x --from-literal=password=«hunter2x»
$Password = ConvertTo-SecureString "«letmein»" -AsPlainText -Force
-Password (ConvertTo-SecureString "«letmein»" -AsPlainText)
jdbc:mysql://db/x?user=a&password=«letmein1»
passphrase: «correct-horse-battery»
(setq my-password "«letmein»")
X-Api-Key: «abc123def456»
Authorization: Bearer «abc.def-123»
Proxy-Authorization: Basic «dXNlcjpwYXNz»
--token=«abcdef123456»
--api-key «abcdef123456»
-storepass «changeit2» -keypass «changeit2»
export TOKEN='«abc123def»'
ARG TOKEN=«abc123def»
ENV TOKEN «abc123def»
setx TOKEN «abc123def»
docker run -e MYSQL_ROOT_PASSWORD=«my-secret-pw» mysql
`;
const ELEMENTS = String.raw`
<password>«letmein»</password>
<Password> «Tr0ub4dor» </Password>
<add key="DbPassword" value="«letmein»" />
<property name="password" value="«letmein»"/>
<property name="password"><value>«letmein»</value></property>
<setting name="password" serializeAs="String"><value>«letmein»</value></setting>
<password><![CDATA[«letmein»]]></password>
<ns:password type="text">«letmein»</ns:password>
<wsse:Password Type="http://x#PasswordText">«letmein»</wsse:Password>
<password>\n    «letmein»\n  </password>
<key>password</key>\n  <string>«letmein»</string>
<server password="«letmein»"/>
`;

describe.each([
  ['code and settings', CODE],
  ['shells', SHELLS],
  ['elements', ELEMENTS],
])('secrets in %s', (_, table) => {
  it.each(lines(table))('%s', (line) => {
    const text = plain(line);
    expect(secretsOf(text, 'content')).toEqual(wanted(line));
    const once = redactText(text, createRedactionCounts());
    expect(redactText(once, createRedactionCounts())).toBe(once);
  });
});

describe('a manifest of kind Secret', () => {
  const manifest = (kind: string): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: app\ndata:\n  url: cG9zdGdyZXM=\n  user: "bWlh"\ntype: Opaque\n`;
  it('has all of its data masked, whatever the names', () => {
    expect(redactText(manifest('Secret'), createRedactionCounts())).toBe(
      manifest('Secret').replace('cG9zdGdyZXM=', '[SECRET]').replace('bWlh', '[SECRET]'),
    );
  });
  it('is not every manifest', () => {
    expect(redactText(manifest('ConfigMap'), createRedactionCounts())).toBe(manifest('ConfigMap'));
  });
});

describe('credentials that only the name of their vendor tells', () => {
  const hex = '0123456789abcdef'.repeat(4);
  it.each([
    [`ADOBE_CLIENT_ID=${hex.slice(0, 32)}`, true],
    [`asset_hash = "${hex.slice(0, 32)}"`, false],
    [`datadog.trace_id: ${hex.slice(0, 40)}`, false],
    ['discord_client_id: 123456789012345678', true],
    ['discord_user_id: 123456789012345678', false],
    ['heroku_api: 01234567-89ab-cdef-0123-456789abcdef', true],
    ['request_id: 01234567-89ab-cdef-0123-456789abcdef', false],
    ['<sumologic-access-id>su12AbC34dEf56</sumologic-access-id>', true],
  ])('%s: %p', (text, isSecret) => {
    expect(secretsOf(text, 'content').length).toBe(isSecret ? 1 : 0);
  });
});

it.each([
  ['calls', (n: number) => 'password("'.repeat(n / 10)],
  ['arguments', (n: number) => '"password","'.repeat(n / 12)],
  ['options', (n: number) => ' --password'.repeat(n / 11)],
  ['short options', (n: number) => 'curl -u a:b '.repeat(n / 12)],
  ['elements', (n: number) => '<password>'.repeat(n / 10)],
  ['references', (n: number) => 'password="${'.repeat(n / 12)],
  ['digits after names', (n: number) => `api_key = "${'1234-'.repeat(n / 5)}"`],
  ['commas after quotes', (n: number) => '",'.repeat(n / 2)],
  ['types', (n: number) => 'password: a<'.repeat(n / 12)],
  ['operators', (n: number) => 'token ||'.repeat(n / 8)],
  ['manifests', (n: number) => 'data:\n'.repeat(n / 6)],
])('takes time in proportion to the length of %s', (_, make) => {
  const cost = (n: number): number => {
    const text = make(n);
    findSpans(text, 'content');
    const { user } = process.cpuUsage();
    findSpans(`${text} `, 'content');
    return process.cpuUsage().user - user;
  };
  // Ten times the length at a hundred times the cost would be a quadratic scan.
  expect(cost(400_000)).toBeLessThan(60 * cost(40_000) + 500_000);
});

it('is masked once: a second pass finds nothing', () => {
  const pieces = fc.constantFrom(
    'password', 'DB_PASS', 'token', 'api_key', 'curl -u ', 'mysql -p', '--password', '-storepass', '<password>', '</password>', '<key>', '</key>', 'setenv ', 'kind: Secret', 'data:', 'value', 'name', 'adobe_client_id',
    ' := ', '=', ': ', ' => ', ' ?= ', ' || ', ' <- ', ': str = ', '(', ')', '{', '}', '[', ']', ', ', '"', "'", '`', '\\"', '\n', '  ', ' ', '${X}', '$', '-', ';', '&', '|', '?:', ':-', 'or ', 'hunter2', 'swordfish', 'aB3dE5fG7hJ9kL1mN3pQ', '0123456789abcdef0123456789abcdef', 'user:pass', 'Bearer ', '[SECRET]', 'is', 'not set', 'string',
  ); // prettier-ignore
  const text = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (value) => {
      for (const mode of ['content', 'prose'] as const) {
        const once = redactText(value, createRedactionCounts(), mode);
        const again = createRedactionCounts();
        expect([redactText(once, again, mode), again]).toEqual([once, { masked: 0, failed: 0 }]);
      }
    }),
    { numRuns: 10_000 },
  );
});
