/** Why a statement is refused, and what to do instead. */
export class Refusal extends Error {
  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(problem);
  }
}

export type SqlVerdict =
  | {
      readonly ok: true;
      /** The statement to run: what the engine made of the text, or a fixed form. */
      readonly sql: string;
      /** A SELECT, to which the engine may add a LIMIT. */
      readonly isSelect: boolean;
    }
  | { readonly ok: false; readonly problem: string; readonly fix: string };
