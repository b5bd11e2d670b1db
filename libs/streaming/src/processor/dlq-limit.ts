/**
 * Stops a service whose code seems wrong, not its data: trips when more than `ratio` of the last `window` inputs failed in a step or at the
 * store.
 */
export function createDlqLimit(options: { readonly ratio: number; readonly window: number }) {
  let seen = 0;
  let failed = 0;
  return {
    /** Adds the counts of a batch; returns true when tripped. */
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
