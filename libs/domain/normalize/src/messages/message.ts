/** The form of messages that all others become: that of the GenAI conventions. */
export type Part =
  | { readonly type: 'text' | 'reasoning'; readonly content: string }
  | { readonly type: 'tool_call'; readonly id?: string; readonly name: string; readonly arguments?: unknown }
  | { readonly type: 'tool_call_response'; readonly id?: string; readonly response: unknown }
  | { readonly type: 'uri'; readonly modality: string; readonly uri: string }
  | { readonly type: 'blob'; readonly modality: string; readonly mime_type?: string; readonly content: string }
  /** Whatever else a producer sends, as it came. */
  | { readonly type: string; readonly [key: string]: unknown };

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finish_reason?: string;
}

export interface RequestedToolCall {
  readonly id: string;
  readonly name: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The tool calls that messages ask for, in order. */
export const requestedToolCalls = (messages: readonly Message[]): RequestedToolCall[] =>
  messages.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.type === 'tool_call' && 'name' in part ? [{ id: 'id' in part ? textOf(part.id) : '', name: textOf(part.name) }] : [],
    ),
  );
