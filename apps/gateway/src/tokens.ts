/** Nest tokens: nothing is injected by type. */
export const DEPS = Symbol('gateway deps');
export const RECEIVERS = Symbol('gateway receivers');
export const DIRECTIVES = Symbol('gateway control board');
