import { findSpans } from './redact-text';

// Code, shells, logs and chat that speak of secrets and hold none; `\n` is a line break.
const CLEAN = String.raw`
password: string
password: string;
password?: string
token: string | null
password: Option<String>,
password: Vec<u8>
let token: String
func login(user string, password string) error {
def f(password, token=None, secret: str | None = None):
public void setPassword(String password) { this.password = password; }
private final String password;
getPassword()
user.getPassword("x")
resetPassword("mia")
validateToken("header")
if (token == "if") {
if password == "":
if password is None:
assert password != ''
password.trim()
password = getpass.getpass("Enter password: ")
password = readline("Password: ")
const password = req.body.password
const { password } = req.body
{ password, token } = body
password: req.body.password,
password: hash,
password: await bcrypt.hash(pw, 10),
secret: process.env.JWT_SECRET
secret: process.env["JWT_SECRET"],
secret = config.get("jwt.secret")
token = jwt.sign(payload, secret)
const token = localStorage.getItem("token")
localStorage.setItem("token", token)
localStorage.removeItem("token")
headers: { Authorization: "Bearer " + token }
headers: { Authorization: \`Bearer \${token}\` }
headers["Authorization"] = "Bearer " + token
-H "Authorization: Bearer $TOKEN"
-H 'Authorization: Bearer <token>'
password: "{{ .Values.password }}"
password: {{ .Values.password | quote }}
password: \${{ secrets.DB_PASSWORD }}
password: \${env:DB_PASSWORD}
password: \${DB_PASSWORD}
password: $DB_PASSWORD
password: !vault |
password: !Ref DbPassword
password = var.db_password
password = data.aws_secretsmanager_secret_version.db.secret_string
password = random_password.db.result
password = os.environ["X"]
password = os.getenv("DB_PASSWORD")
password = ENV["DB_PASSWORD"]
password = System.getenv("DB_PASSWORD")
PASSWORD="$1"
PASSWORD="\${1:-}"
read -s -p "Password: " PASSWORD
echo "Password: "
echo "password=$PASSWORD"
print("Password:", password)
printf("password: %s\n", password);
console.log("token", token)
logger.info("token: {}", token)
log.Printf("token=%s", token)
"password": {"type": "string", "minLength": 8}
"required": ["email", "password"]
["password", "token", "secret"]
("password", "token")
fields = "username,password"
<label for="password">Password</label>
<input type="password" name="password" placeholder="Password">
<th>Password</th>
<span id="token">next</span>
<password/>
<xs:element name="password" type="xs:string"/>
getByLabelText("Password")
t("password.label")
i18n: password: Password
placeholder="Enter your password"
type="password"
type: password
name: password
id: token
key: password
--password-stdin
--password-file=/run/secrets/pw
--token-file /x
--no-password
--with-token
tool --password
docker login --username mia --password-stdin
use -p to set the password
cp -p a b
ls -u
tar -xzf a.tgz -C /opt
grep -w password file
sort -u file
mysql -u root -p
mysql -h db -P 3306 -u root
psql -U postgres -p 5432
max_tokens: 100
max_tokens=4096
prompt_tokens: 12
total tokens: 1234567
token_count: 123456
token_type: bearer
"token_type": "Bearer"
tokenizer: cl100k_base
token: expired
token: invalid or missing
token expired at 12:00
the token "next" is unexpected
Unexpected token: identifier
SyntaxError: Unexpected token } in JSON at position 12
secret: not set
secret: none
Secret: unset
password: required
password: must contain a digit
password: too short
password is required
password is incorrect
password reset link sent
your password has been changed
password must be 8 characters
Enter password:
Password:
forgot password?
invalid password for user mia
pam_unix(sshd:auth): authentication failure; user=root
Failed password for root from 10.0.0.1 port 22 ssh2
Accepted password for root
primary_key=True
key=lambda x: x
keys: a, b
api_key: ApiKey
api_key=api_key
apiKey: this.apiKey
apiKey: options.apiKey ?? null
secret_name: my-app-secret
secretName: tls-cert
secretKeyRef: { name: db, key: password }
passwordEncoder = new BCryptPasswordEncoder()
password_confirmation: same
passed: 10
compass: N
bypass=1
encompass: all
author: me
authority: x
oauth: true
auth: none
auth=True
cookie: none
cookies: 3
credentials: same-origin
credentials=True
pin: 3
spin=0.5
pinned: true
csrf: off
nextToken: abc
continuation_token: abc123def456
password VARCHAR(255)
password TEXT NOT NULL
SELECT password FROM users WHERE name = 'x'
UPDATE users SET password = ? WHERE id = 1
UPDATE users SET password = $1
WHERE password = :password
INSERT INTO t (user, password) VALUES (?, ?)
import { password } from "./x"
import password from 'x'
from x import token
token := scanner.Next()
token, err := parse(x)
password, ok := m["password"]
password := os.Getenv("X")
password := r.FormValue("password")
password := flag.String("password", "", "the password")
cmd.Flags().StringVar(&token, "token", "", "API token to use")
parser.add_argument("--password", help="the password")
parser.add_argument("--token", required=True)
.option("--token <token>", "the token to use")
@Value("\${db.password}")
@Column(name = "password")
@JsonProperty("password")
case "password":
case TOKEN:
password: [FILTERED]
password=[REDACTED]
password: <redacted>
password: ***
Token: <hidden>
password="********"
password="<password>"
api_key="YOUR_API_KEY"
api_key="your-api-key"
api_key = "<your api key>"
api_key = ""
api_key = null
secret: ""
secret: ''
secret: |
secret:
  name: x
tokens[i].secret = undefined
if (!secret) return
return token;
throw new Error("password missing")
password ? 1 : 0
isAdmin ? password : null
x => x.password
password => password.length
(token) => token.id
Map<String, Token> tokens
auth: { user: x }
secrets: inherit
secret: true
public_key: ssh-rsa
keyboard_key: Enter
sort_key: created_at
hash_key: user#123
s3_key: uploads/2024/01/report.pdf
cache_key: user:123:profile
idempotency_key: 550e8400-e29b-41d4-a716-446655440000
access_level: 3
git commit -m "add password reset"
feat(auth): token refresh
# password: see the vault
// token: the next one
docs: api key: see settings
secret santa: bring a gift
The key: practice
token ring: a network
password manager: 1Password
`;

describe('text without secrets', () => {
  it.each(CLEAN.trim().split('\n'))('leaves %s', (line) => {
    const text = line.replaceAll('\\n', '\n').replaceAll('\\$', '$').replaceAll('\\`', '`');
    for (const mode of ['content', 'prose'] as const)
      expect(findSpans(text, mode).filter(({ placeholder }) => placeholder === '[SECRET]')).toEqual([]);
  });
});
