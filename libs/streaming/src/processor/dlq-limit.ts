/** Trips when the DLQ says that the code is wrong, not the data: more than `ratio` of the last `window` inputs failed in a step or at the sink. */
export function createDlqLimit(options: { readonly ratio: number; readonly window: number }) {
  let seen = 0;
  let failed = 0;
  return {
    /** Adds a range's figures; true when tripped. */
    record(inputs: number, codeFailures: number): boolean {
      seen += inputs;
      failed += codeFailures;
      if (seen < options.window) return false;
      const tripped = failed / seen > options.ratio;
      seen = 0;
      failed = 0;
      return tripped;
    },
  };
}
export type DlqLimit = ReturnType<typeof createDlqLimit>;
