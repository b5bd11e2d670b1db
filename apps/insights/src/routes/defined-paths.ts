import { COMMANDS, type Definition, QUERIES } from '@telltale/query';

/** The path of a definition as the server has it. */
export const routePathOf = ({ path }: Pick<Definition, 'path'>): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Of every question and command there is. */
export const DEFINED_PATHS: ReadonlySet<string> = new Set([...QUERIES, ...COMMANDS].map(routePathOf));
