// Cases of sdk/rules/vectors.json, a line each, of what looks like something to mask and is not, or is left to the enricher.

export const STAYING_TEXTS: Readonly<Record<string, string>> = {
  'a number or id': String.raw`
order 4155552671
order 4111111111111112
order ORD-2024-00012345
invoice 0012345678
4111 1111 1111 1112
550e8400-e29b-41d4-a716-446655440000
41111111-1111-1111-1111-111111111111
trace 4bf92f3577b34da6a3ce929d0e0e4736
span 00f067aa0ba902b7
sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
commit 9f2c1d4e8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c3d
call_oIHazX6yQrB8hUwl4cRilFKj
2026-01-31T12:00:00Z 15:00:00
1700000000000 1700000000000000000
v1.2.3 and 2.0.0-rc.1
release 10.2.3.4
version 1.2.3.4 of it
tool==10.2.3.4
tool-10.2.3.4.jar
1.2.3.4.5
127.0.0.1 and 0.0.0.0
$1,250.50 for 3 of 4 on 2024-05-20
+5 and +10 %
999-99-9999
123-45-67890
GB82 WEST 1234 5698 7654 33
DE89370400440532013001
XX89370400440532013000
12:30:45 std::vector a::b
user mia-4711 and customer 12345
id 00112233445566778899
`,
  'an address of a program': String.raw`
foo@bar
npm i @scope/name@1.2.3
git@host:org/repo
@mention here
https://api.example.com/v1?x=1
http://localhost:8080/x
user@host
postgres://db:5432/x
https://example.com/@mia
a @ b
`,
  'a sentence': String.raw`
the password is required
your password is not correct
password must be 8 characters
password reset link sent
Enter password:
forgot password?
the token: next time, please
token expired at 12:00
secret santa: bring a gift
token: invalid or missing
secret: not set
password: required
api key: see settings
Failed password for root
密码是什么
Das Kennwort ist falsch
`,
  code: String.raw`
password: string
password?: string;
token: string | null
def f(password, token=None, secret: str | None = None):
password = getpass.getpass("Enter password: ")
const password = req.body.password
password: req.body.password,
secret: process.env.JWT_SECRET
password = config.get("db.password")
password = os.environ["X"]
PASSWORD="$1"
PASSWORD=$DB_PASSWORD
PASSWORD=$(cat x)
echo "password=$PASSWORD"
read -s -p "Password: " PASSWORD
const of = n === 0 ? 'secret' : 'token';
print("Password:", password)
"required": ["email", "password"]
("password", "token")
<label for="password">Password</label>
<input type="password" name="password">
--password-stdin
--password-file=/run/secrets/pw
--token-file /x
tool --password
max_tokens: 4096
max_tokens=4096
prompt_tokens: 12
"token_type": "Bearer"
next_token: abcdef123456789
"next_token": "abc"
page_token=abcdef1234567890
eos_token = "x"
show_password = "yes"
secret_name: my-app-secret
primary_key=True
if password == "":
password VARCHAR(255)
UPDATE users SET password = $1
Authorization: Bearer $TOKEN
Authorization: Bearer <token>
tokenizer: cl100k_base
cache_key: user:123:profile
type="password"
name: password
return token;
token := scanner.Next()
pytest-of-root/test_secret_name_is_long
key_value_store_name_of_a_table
`,
  'a placeholder': String.raw`
[EMAIL] and [SECRET]
password: [SECRET]
{"password":"[SECRET]"}
password=[REDACTED]
password: <redacted>
password: ***
password="********"
password="<password>"
api_key="YOUR_API_KEY"
api_key="your-api-key"
api_key = ""
{"password":""}
{"password":null}
{"password":true}
password: {{ .Values.password }}
password: "{{ .Values.password }}"
password: ${'${DB_PASSWORD}'}
{"password":"${'${DB_PASSWORD}'}"}
password: !Ref DbPassword
https://[SECRET]@example.com
`,
  'an id of a person, which is the work of the enricher': String.raw`
user_id=mia-4711
{"user_id":"mia-4711","customerId":"c-123"}
"userId": "12345678"
My name is Mia Rossi
12 High Street, Springfield
call me on 9472 7916
`,
};
