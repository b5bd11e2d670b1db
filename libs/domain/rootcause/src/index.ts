export { type CallEdge, type Component, localize, type Moved, reachedFrom, type Window } from './localize';
