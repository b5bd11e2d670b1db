// The format of sdk/rules/sdk-rules.json: patterns in the common subset of JavaScript and Python.

export interface SdkRule {
  readonly id: string;
  /** In small letters; the rule is skipped for a text that has none of them. Empty: never skipped. */
  readonly words: readonly string[];
  readonly pattern: string;
  readonly ignore_case: boolean;
  /** What is replaced; the match ends where this group does. */
  readonly group: 1;
  readonly replace: string;
  /** Whether the rule is used on the value of a field that is an id by its name. */
  readonly ids: boolean;
  /** A value in which one of these named patterns is found stays. */
  readonly unless?: readonly string[];
  /** A value stays when this is found in the characters before it. */
  readonly unless_before?: string;
  /** Must be found in the digits of the value. */
  readonly digits?: string;
  readonly check?: 'luhn' | 'mod97';
}

export interface SdkRules {
  readonly version: 1;
  readonly limits: { readonly text: number; readonly depth: number; readonly context: number; readonly name: number };
  readonly names: {
    readonly qualifier: string;
    readonly qualifiers: number;
    readonly secret: string;
    readonly not_secret: readonly string[];
    readonly id: string;
    readonly id_value: string;
  };
  /** Patterns that `unless` names; case does not count. */
  readonly patterns: Readonly<Record<string, string>>;
  readonly rules: readonly SdkRule[];
}

interface Parts {
  readonly id: string;
  readonly words?: readonly string[];
  /** Lookarounds and text that stays. */
  readonly head?: string;
  readonly value: string;
  /** A lookahead. */
  readonly tail?: string;
  readonly replace: string;
  readonly ids?: boolean;
  readonly ignoreCase?: boolean;
  readonly unless?: readonly string[];
  readonly after?: string;
  readonly digits?: string;
  readonly check?: 'luhn' | 'mod97';
}

/** A letter or digit before would make it part of a word, unless it ends an escape such as `\n`. */
export const NO_WORD_BEFORE = '(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt]))';
export const NO_WORD_AFTER = '(?![A-Za-z0-9])';
/** `$` also stands before a last line break in Python. */
export const AFTER_TEXT = '(?![\\s\\S])';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
export const oneOf = (texts: readonly string[]): string => `(?:${texts.map(escaped).join('|')})`;

export function rule(of: Parts): SdkRule {
  const head = of.head ?? '';
  return {
    id: of.id,
    words: [...new Set((of.words ?? []).map((word) => word.toLowerCase()))],
    pattern: `${head}(${of.value})${of.tail ?? ''}`,
    ignore_case: of.ignoreCase ?? false,
    group: 1,
    replace: of.replace,
    ids: of.ids ?? of.replace === '[SECRET]',
    ...(of.unless === undefined ? {} : { unless: of.unless }),
    ...(of.after === undefined ? {} : { unless_before: of.after }),
    ...(of.digits === undefined ? {} : { digits: of.digits }),
    ...(of.check === undefined ? {} : { check: of.check }),
  };
}
