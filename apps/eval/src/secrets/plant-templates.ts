/**
 * Texts to plant values in. `{}` is the value, `{snake}`, `{SCREAM}`, `{camel}`, `{Pascal}`, `{kebab}` and `{dotted}` are the name in that style.
 */

/** Assignments that the rules were developed with. */
export const DEVELOPED = [
  '{snake} = "{}"',
  "{snake} = '{}'",
  '{SCREAM}={}',
  'export {SCREAM}="{}"',
  '{snake} := "{}"',
  '{snake}: str = "{}"',
  'const {camel} = "{}";',
  'private static final String {SCREAM} = "{}";',
  '"{camel}": "{}",',
  '{snake}: {}',
  '{snake}: "{}"',
  '{dotted}={}',
  'os.Setenv("{SCREAM}", "{}")',
  ":{snake} => '{}',",
  '<{kebab}>{}</{kebab}>',
  '<{snake}>\n  {}\n</{snake}>',
  'tool --{kebab} {} --verbose',
  'tool --{kebab}={}',
  'System.setProperty("{dotted}", "{}");',
  '$config["{snake}"] .= "{}";',
  '{SCREAM} ?= {}',
  '{SCREAM} := {}',
  'ENV {SCREAM}={}',
  'setenv {SCREAM} {}',
  '$env:{SCREAM} = "{}"',
  '{"name": "{SCREAM}", "value": "{}"}',
  '- name: {SCREAM}\n  value: {}',
  'https://api.test/v1?{snake}={}&page=2',
  "curl -H 'X-{Pascal}: {}' https://api.test",
  '#define {SCREAM} "{}"',
  'public string {Pascal} { get; set; } = "{}";',
  'var {camel} string = "{}"',
  'Dim {camel} As String = "{}"',
] as const;

/** Assignments that were set apart before the rules were written, and looked at only to report their figures. */
export const HELD_OUT = [
  'let {camel}: String = "{}"',
  'val {camel}: String? = "{}"',
  'const char *{snake} = "{}";',
  'char {snake}[] = "{}";',
  'std::string {snake}{"{}"};',
  '{snake} <- "{}"',
  '{:{kebab} "{}"}',
  '(defvar {kebab} "{}")',
  "${camel} = '{}';",
  "'{snake}' => '{}',",
  "define('{SCREAM}', '{}');",
  'process.env.{SCREAM} = `{}`;',
  'os.environ["{SCREAM}"] = "{}"',
  '{SCREAM} = process.env.{SCREAM} || "{}"',
  'os.getenv("{SCREAM}", "{}")',
  'set -x {SCREAM} {}',
  'set {SCREAM}={}',
  'ARG {SCREAM}="{}"',
  'docker run -e {SCREAM}={} app:1',
  '{snake} = """{}"""',
  '{snake} = b"{}"',
  '.{camel}("{}")',
  'client.set{Pascal}("{}");',
  '<property name="{dotted}" value="{}"/>',
  '<app {camel}="{}" />',
  '<entry key="{dotted}">{}</entry>',
  '<key>{camel}</key>\n<string>{}</string>',
  '{kebab}: >-\n  {}',
  '{ {camel}: "{}" }',
  '-D{dotted}={}',
  'java -jar x.jar -{camel} {}',
  '{\\"{snake}\\":\\"{}\\"}',
  'X-{Pascal}: {}',
  "{SCREAM}='{}' make",
  'INFO loaded {snake}={} from vault',
  'resource "x" { {snake} = "{}" }',
  '@{snake} = "{}"',
  'self.{snake} ||= "{}"',
  'let {snake}: &str = "{}";',
  'config.{camel} = "{}"',
  'this.{camel} = new String("{}");',
  'builder.with{Pascal}("{}").build()',
  'map.put("{dotted}", "{}");',
  '{snake} = os.environ.get("{SCREAM}", "{}")',
  '  {kebab}: "{}"  # rotate',
  '<{Pascal} encrypted="false">{}</{Pascal}>',
  'az login --{kebab} {}',
  'kubectl create secret generic app --from-literal={kebab}={}',
  'Set-Item -Path Env:{SCREAM} -Value "{}"',
  '{"id": 7, "{snake}": "{}", "ok": true}',
  'wget --header="X-{Pascal}: {}" https://api.test',
  'my {camel} = "{}", can you see it?',
  'static let {camel} = "{}"',
  '{camel}: {} # from the vault',
  'val {camel} = sys.env.getOrElse("{SCREAM}", "{}")',
] as const;

/** What people write in a chat, with the value standing by itself. */
export const CHAT = [
  'here it is {}',
  'I pasted {} by mistake, can you remove it?',
  'hey, {} does not work any more.',
  'Try {}, then restart.',
  'Sure! You can use `{}` for the test.',
  '{}',
  'is "{}" the right one?',
  'it says invalid: {}\nwhat now?',
  'old one was {}; new one comes tomorrow',
  '(see {})',
] as const;

/** The name in each style: the words of `snake_case`. */
export function named(template: string, name: string, value: string): string {
  const words = name.split('_');
  const Pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return template
    .replaceAll('{snake}', name)
    .replaceAll('{SCREAM}', name.toUpperCase())
    .replaceAll('{camel}', Pascal.charAt(0).toLowerCase() + Pascal.slice(1))
    .replaceAll('{Pascal}', Pascal)
    .replaceAll('{kebab}', words.join('-'))
    .replaceAll('{dotted}', words.join('.'))
    .replace('{}', () => value);
}

/** Names of secrets that say nothing of a vendor. */
export const NAMES = ['api_key', 'access_token', 'client_secret', 'password', 'auth_token', 'secret_key', 'db_password', 'api_token', 'private_key', 'credentials', 'db_pass', 'app_secret', 'service_password', 'bearer_token', 'token'] as const; // prettier-ignore

/** Code, shells, logs and chat that speak of secrets and hold none. */
export const CLEAN = [
  'password = getpass()', 'token: string', 'if (password == null) return;', 'secret: not set', '--password-file /etc/x', 'max_tokens: 100', 'password: ${DB_PASSWORD}', 'const p = process.env.PASSWORD;',
  'password=os.environ["X"]', 'let password: string;', 'password: Optional[str] = None', 'String password;', 'def login(user: str, password: str) -> bool:', 'function auth(token: string, secret?: string): void {',
  'password = input("Password: ")', 'const token = await getToken();', 'api_key = settings.API_KEY', 'token = request.headers.get("Authorization")', 'password=$1', 'PASSWORD=$(cat /run/secrets/db)',
  'secret: { type: String, required: true },', 'password: z.string().min(8),', 'if (!token) throw new Error("no token");', 'the password must be at least 8 characters', 'Password: required', 'token: expired',
  'password: {{ vault_password }}', 'password: "{{ vault_password }}"', 'password: <your password>', 'token: <token>', 'secretKeyRef:\n  name: db\n  key: password', 'password_hash = bcrypt.hash(password)',
  'WHERE password = ?', 'WHERE token = :token', 'values (@password, @token)', 'public_key = load()', 'tokens: 128', 'total_tokens=4512', 'csrf_token', 'next_token = page.next', 'keyboard: qwerty', 'monkey = patch',
  'compass: north', 'bypass=true', 'PASS: test_login (0.2s)', 'FAIL: 2, PASS: 10', 'passed: 12', 'author: Jane', 'authorized: true', 'Auth: enabled', 'cookie: accepted', 'Set your password: click the link below',
  'password: String,', 'password string', 'Password    string `json:"password"`', 'password VARCHAR(255) NOT NULL,', 'private String token;', 'token = lexer.next()', 'for token in tokens:', 'token = tokens[i]',
  'credentials: include', "credentials: 'include',", 'credentials: "same-origin"', 'usage: tool --password PASSWORD', '--token <token>  the token to use', 'tool --password --user mia', 'use --password to be asked', '-p 8080:80',
  'docker run -p 8080:80 nginx', 'mkdir -p /var/lib/app', 'ssh -p 2222 host', 'mysql -u root -p', 'curl -u "$USER:$PASS" https://x.test', 'git push -u origin main', 'password = self.password', 'this.password = password;',
  'password: user.password,', 'token = access_token', 'key = "name"', 'primary_key: id', 'cache_key = f"user:{id}"', '<password></password>', '<password>${db.password}</password>', '<Token>', 'List<Token> tokens',
  'os.Getenv("DB_PASSWORD")', 'os.Setenv("DB_PASSWORD", password)', 'setProperty("password", pw)', 'getProperty("db.password")', 'param("password")', 'expect(password).toBe("")', 'password.length > 8', 'password ? yes : no',
  'enter the token: it is on the back', 'The secret: be kind', 'password: ********', 'password=****', 'password: xxxxxxxx', 'token=[REDACTED]', 'api_key: your-api-key-here', 'API_KEY=your_api_key', 'API_KEY=<API_KEY>', 'PASSWORD=changeme',
] as const; // prettier-ignore
