/** A piece of text from the middle of a long one; offsets in characters. */
export interface TextWindow {
  readonly text: string;
  readonly offset: number;
  readonly size: number;
}

/** An answer as a reader of texts gets it. Everything in it may be logged text, but for what is left out. */
export interface Shown {
  /** What is known of the whole. */
  readonly head?: readonly string[];
  /** One line each; as many are shown as there is room for. */
  readonly items: readonly string[];
  readonly window?: TextWindow;
  /** What the answer itself does not hold, and how to get it. Our words only. */
  readonly leftOut?: readonly string[];
}

/** Makes a question a tool of the MCP server. Parameters, answer and scope are those of the question. */
export interface McpTag {
  /** Of the tool. */
  readonly name: string;
  /** When to use it, for the model that chooses. */
  readonly about: string;
  /** What to ask after it, and with what of the result. */
  readonly next: string;
  /** Fields, none of them content, that a key without the scope `read` may see. Absent: such a key has no such tool. */
  readonly withoutContent?: readonly string[];
  /** Parameters whose answer says something about content. Only for keys with the scope `read`. */
  readonly ofContent?: readonly string[];
  /** The answer as lines; absent: each row of a list, or each object of any other answer, is one line of logfmt. */
  readonly show?: (answer: Readonly<Record<string, unknown>>) => Shown;
}
