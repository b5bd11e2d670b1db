import { type z } from 'zod';

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = { number: 'a number', int: 'a whole number', string: 'a text', array: 'a list', object: 'a group of fields' }; // prettier-ignore

/** Prefixes of the library's own messages; any other message was written for the variable and is more specific. */
const GENERIC = /^(?:Invalid|Too small|Too big|Unrecognized)/;

/** Describes a wrong value, as the rest of a sentence that begins with the variable's name. Never contains the value. */
export function problemOf(issue: Issue): string {
  if (!GENERIC.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is missing'
        : `is not ${TYPES[issue.expected] ?? `of type ${issue.expected}`}`;
    case 'too_small':
      return issue.origin === 'string' ? `is shorter than ${issue.minimum} characters` : `is below ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' ? `is longer than ${issue.maximum} characters` : `is above ${issue.maximum}`;
    case 'invalid_value':
      return `is not one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return `is none of these: ${[...new Set(issue.errors.flat().map(problemOf))].join('; ')}`;
    case 'unrecognized_keys':
      return `has fields that do not exist: ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}
