import { text } from '../define/params';
import { filterBy, type Where } from '../define/where';

const named = (about: string) => text(about).optional();

/** Which sessions a question about journeys is about. */
export const chosenSessions = {
  service: named('Only of this service'),
  environment: named('Only of this deployment environment'),
  language: named('Only with requests in this language'),
  intent: named('Only with this intent among theirs'),
  region: named('Only of this region'),
  version: named('Only with this version of the service'),
  prompt: named('Only with this prompt, <name>@<version>'),
  model: named('Only with this model'),
  flag: named('Only with this flag in effect, <name>=<value>'),
  dimension: named('Only with this value of a dimension, <name>=<value>'),
};
export type ChosenSessions = Partial<Record<keyof typeof chosenSessions, string | undefined>>;

/** Lists that hold a value where a session has it in any of its turns. */
const LISTS = {
  language: 'languages', intent: 'intents', region: 'regions', version: 'versions', prompt: 'prompt_versions', model: 'models', flag: 'feature_flags', dimension: 'dimensions',
} as const; // prettier-ignore

export function whereChosen({ service, environment, ...listed }: ChosenSessions): Where {
  const { where, params } = filterBy({ service_name: service, deployment_environment: environment });
  const given = Object.entries(LISTS).flatMap(([name, list]) => {
    const value = listed[name as keyof typeof LISTS];
    return value === undefined ? [] : [{ name: `in_${name}`, list, value }];
  });
  return {
    where: [where, 'turns > 0', ...given.map(({ name, list }) => `has(${list}, {${name}:String})`)].join(' AND '),
    params: { ...params, ...Object.fromEntries(given.map(({ name, value }) => [name, value])) },
  };
}
