import { shellWord, sqlText } from './quote';

it.each([['T1', 'T1'], ["it's; rm -rf /", "'it'\\''s; rm -rf /'"], ['$(x)', "'$(x)'"], ['', "''"]])('quotes %j for a shell', (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
}); // prettier-ignore

it.each([
  ['T1', "'T1'"],
  ["a'b\\", "'a\\'b\\\\'"],
])('quotes %j for SQL', (text, quoted) => {
  expect(sqlText(text)).toBe(quoted);
});
