import { type Kept } from './kept-matches';
import { createRedactionCounts } from './redact-plain';
import { redactText } from './redact-value';
import { type Mode } from './scan-text';
import { createSubjects, isSubjectName } from './subjects';

const PSEUDONYM = /^(?:(?:u_|id_)?[0-9a-f]{16}|\[.{1,40}\])$/;

/** Kinds of what stands in a stored text and would not, if it came now, such as `EMAIL`, `USER_ID`: one for each place. `name`: what it is stored under. `kept`: placeholders of what a tenant keeps. */
export function findLeaks(text: string, mode: Mode, name: string, kept: Kept): string[] {
  const kinds: string[] = [];
  const subjects = createSubjects((id) => {
    if (PSEUDONYM.test(id)) return id;
    kinds.push('USER_ID');
    return '[USER_ID]';
  });
  if (isSubjectName(name) && text !== '') subjects.add(text);
  else subjects.collect(text);
  const replace = (placeholder: string): string => {
    kinds.push(placeholder.slice(1, -1));
    return placeholder;
  };
  redactText(text, createRedactionCounts({ replace, kept, subjects }), mode);
  return kinds;
}
