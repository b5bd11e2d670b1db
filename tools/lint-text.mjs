// Prints, as JSON, the rules that the text in $TEXT breaks as if it stood in the file named by the argument.
import { ESLint } from 'eslint';

const results = await new ESLint().lintText(process.env.TEXT ?? '', { filePath: process.argv[2] });
console.log(JSON.stringify(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message))));
