/** The condition for the operation `{id:String}`; of a known turn `{turn:String}` an index finds it. */
export const operationOf = (turn: string | undefined): string =>
  `tenant = {tenant:String} ${turn === undefined ? '' : 'AND trace_id = {turn:String} '}AND id = {id:String}`;
