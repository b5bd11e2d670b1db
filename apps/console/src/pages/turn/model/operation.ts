import { type Operations } from '@telltale/api-client';

export type TurnAnswer = Operations['listTurnOperations']['answer'];
export type TurnOperation = TurnAnswer['operations'][number];
