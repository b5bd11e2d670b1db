// Cases of sdk/rules/vectors.json, a line each: what `«…»` marks is masked. All values are made up.

export const MASKED_TEXTS: Readonly<Record<string, string>> = {
  SECRET: String.raw`
my password is «hunter2x».
the password was «Winter2024»!, I think
pwd: «Winter2024!»
password: «hunter2», thanks
Password for it: x, password = «Tr0ub4dor3»
API_KEY=«abc123def»&x=1
api_key=«abcdef123456»
?access_token=«abcdef123456789»&page=2
?api_key=«abcdef123456»
DB_PASSWORD=«letmein»
export DB_PASSWORD=«letmein»
POSTGRES_PASSWORD=«mysecretpw1» psql
PGPASSWORD=«hunter» psql -h db
set DB_PASSWORD=«letmein»
SECRET_KEY=«abc123def»
DB_PASS=«swordfish»
docker run -e MYSQL_ROOT_PASSWORD=«swordfish» mysql
STRIPE_SECRET_PROD=«aB3dE5fG7h»
Server=db;Uid=app;Pwd=«letmein1»;
Server=db;User Id=app;Password=«p4ssw0rd»;
AccountKey=«abc123==»;x
spring.datasource.password: «letmein1»
db.password=«letmein1»
dbPassword: «letmein1»
password="«letmein»", host="x"
password = "«letmein»"
password = '«letmein»'
password: "«correct-horse»"
connect(user='bob', password='«letmein»')
client_secret = "«aB3dE5fG7h»"
password => "«letmein»"
:password => "«letmein»"
password := "«hunter2»"
adminPass = "«letmein»"
secret_key = '«aB3dE5fG7h»'
db_password2 = "«letmein»"
PASSWORD_PROD="«letmein»"
passphrase: "«aB3-dE5-fG7»"
{"password":"«x y»","n":1}
{"password":"«pä$$wörd ünï»"}
{"password":"«päßwort»","ort":"Köln"}
{"db_password" : "«letmein»"}
{"auth":{"password":"«x»"}}
{"apiKey":"«abc»"}
{"client_secret":"«a\"b»"}
{"access_token":"«abc»","expires_in":3600}
{"refresh_token":"«aB3dE5»"}
{"authorization":"«aB3dE5»"}
{"cookie":"«session=aB3dE5»"}
{"jwt":"«aB3»"}
{'password': '«letmein»'}
{"passphrase":"«x»"}
{"connectionString":"«Server=x;Database=y»"}
{\"password\": \"«p w»\"}
{\"token\": \"«abc123def»\"}
{\\\"api_key\\\":\\\"«abc»\\\"}
[{"password":"«x»"},{"password":"«y»"}]
{"password":"«x»","password2":"«y»"}
Authorization: Bearer «abcdef0123456789»
Authorization: Bearer «abc.def-123»
authorization: Basic «dXNlcjpwYXNz1234»
Proxy-Authorization: Basic «dXNlcjpwYXNz1234»
curl -H "Authorization: Bearer «aB3dE5fG7hJ9»" https://x.test
X-Api-Key: «abc123def456»
x-auth-token: «abc123def456ghi7»
token=«aB3dE5fG7hJ9kL1mN3»
token: «aB3dE5fG7hJ9kL1mN3»
--token=«aB3dE5fG7hJ9kL1mN3»
--password «Tr0ub4dor99x» db
--api-key «aB3dE5fG7hJ9k»
--api-key=«aB3dE5fG7hJ9k»
--client-secret «aB3dE5fG7hJ9k» run
-storepass x --db-password «aB3dE5fG7hJ9k»
https://«user:pw»@example.com/a
postgres://«app:s3cret»@db:5432/x
redis://«:s3cret»@cache:6379/0
mongodb+srv://«app:s3cr3t»@cluster.test/db
git clone https://«mia:hunter22»@git.test/x
two: amqp://«a:b»@x and amqp://«c:d»@y
https://hooks.slack.com/services/«T0/B0/madeupmadeupmadeup»
https://discord.com/api/webhooks/«1234567890/madeupmadeup»
https://hooks.zapier.com/hooks/catch/«123456/madeup»
<password>«letmein»</password>
<db.password>«letmein1»</db.password>
<ns:password>«letmein»</ns:password>
<dbPassword>«letmein»</dbPassword>
<api-key>«aB3dE5fG7h»</api-key>
rootpass = "«letmein»"
storePass: "«letmein»"
private-key = "«aB3dE5fG7h»"
日本語 password: «hunter2» です
пароль: password=«aB3dE5f»
line\npassword: «hunter2»\nline
line\\npassword=«aB3dE5f»
`,
  EMAIL: String.raw`
write to «mia@example.com»!
«mia.li+x@mail.example.co.uk»
«MIA@EXAMPLE.COM»
<«mia@example.com»>
"«mia@example.com»"
mailto:«mia@example.com»
«mia@example.com»,«leo@example.org»
email=«mia@example.com»&x=1
{"to":"«mia@example.com»"}
'«o'neil@example.com»'
'«mia@example.com»'
«mia_li-2@sub-domain.example.io».
\\n«mia@example.com»
a\n«mia@example.com»\nb
«jürgen@müller.de»
«мия@пример.рф»
to: «mia@example.com»; cc: «leo@example.com»
«1234@example.com» is one
(«mia@example.com»)
`,
  CARD: String.raw`
card «4111111111111111».
«4111 1111 1111 1111»
«4111-1111-1111-1111» 12/27
«5555555555554444»
«5555 5555 5555 4444» is mine
«378282246310005»
«3782 822463 10005»
«3782-822463-10005»
«6011111111111117»
«3530111333300000»
«30569309025904»
«2223003122003222»
{"card":"«4111111111111111»"}
«4111111111111111» and «5555555555554444»
n=«4012888888881881»,
カード «4111111111111111»
`,
  IBAN: String.raw`
«DE89370400440532013000»
«DE89 3704 0044 0532 0130 00» now
pay «GB82 WEST 1234 5698 7654 32» now
«GB82WEST12345698765432»
«FR1420041010050500013M02606»
«NL91ABNA0417164300»
«CH9300762011623852957»
«ES9121000418450200051332»
«IT60X0542811101000000123456»
«BE68539007547034»
«AT611904300234573201»
«PL61109010140000071219812874»
«SE4550000000058398257466»
«NO9386011117947»
IBAN:«DE89370400440532013000»,
`,
  SSN: String.raw`
ssn «123-45-6789»
it is «078-05-1120».
{"n":"«219-09-9999»"}
(«123-45-6789»)
`,
  PHONE: String.raw`
call «+49 30 1234567»
«+14155552671»
«+1 415-555-2671»
«+1 (415) 555-2671»
«+44 20 7946 0958», please
tel:«+49301234567»
«+33.1.84.17.61.18»
{"call":"«+4915112345678»"}
«+81-3-1234-5678» です
`,
  IP: String.raw`
from «192.168.1.12»:8080
«10.0.0.1»
ip=«10.20.30.40»
http://«10.1.2.3»/x
«8.8.8.8» and «1.1.1.1»
[«203.0.113.9»]
client «198.51.100.7» closed
from «2001:db8::ff00:42:8329» now
«2001:0db8:85a3:0000:0000:8a2e:0370:7334»
«fe80::1ff:fe23:4567:890a»
[«2001:db8:1:2:3:4:5:6»]:443
`,
};
