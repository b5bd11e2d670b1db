/** An item of a request, and where it stands in the file. */
export interface Item {
  /** null: longer than the limit. */
  readonly text: string | null;
  readonly name: string;
}

/** An item that is not sent at all, and why. */
export interface Refused {
  readonly refused: string;
}
