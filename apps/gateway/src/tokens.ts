/** Nest tokens: nothing is injected by type. */
export const DEPS = Symbol('gateway deps');
export const DOORS = Symbol('gateway doors');
export const BOARD = Symbol('gateway control board');
