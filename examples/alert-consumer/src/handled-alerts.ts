/** Keys of the last alerts that were handled; a restart forgets them, so the receiver of a webhook has to recognize keys, too. */
export class HandledAlerts {
  private readonly keys = new Set<string>();

  constructor(private readonly limit = 10_000) {}

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string): void {
    this.keys.add(key);
    // A set keeps the order in which keys came.
    for (const oldest of this.keys) {
      if (this.keys.size <= this.limit) break;
      this.keys.delete(oldest);
    }
  }
}
