import { type Row, textOf } from '../../define/row-values';

export const MODEL = "if(response_model != '', response_model, request_model)";
/** What operations of one kind are alike in, as a statement reads it: the tool they call, else the model, else their name. */
export const LIKENESS = `multiIf(tool_name != '', tool_name, ${MODEL} != '', ${MODEL}, name)`;

interface Likeness {
  readonly by: 'tool' | 'model' | 'name';
  /** The column that has the same value in all of them. */
  readonly column: string;
  readonly value: string;
}

/** The same of a row with `tool_name`, `model` and `name`. */
export function likenessOf(operation: Row): Likeness {
  const [tool, model] = [textOf(operation, 'tool_name'), textOf(operation, 'model')];
  if (tool !== '') return { by: 'tool', column: 'tool_name', value: tool };
  if (model !== '') return { by: 'model', column: MODEL, value: model };
  return { by: 'name', column: 'name', value: textOf(operation, 'name') };
}
