// Reads [{ file, text }] from stdin; prints, as JSON, the rules that each text breaks as if it stood in its file.
import { ESLint } from 'eslint';
import { text as read } from 'node:stream/consumers';

const eslint = new ESLint();
const broken = [];
for (const { file, text } of JSON.parse(await read(process.stdin))) {
  const results = await eslint.lintText(text, { filePath: file });
  broken.push(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message)));
}
console.log(JSON.stringify(broken));
