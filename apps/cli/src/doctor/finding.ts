/** What one check of the doctor came to. */
export interface Finding {
  readonly check: string;
  /** skipped: it does not apply here, or another check has to be mended first. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly found: string;
  /** What to do; empty when there is nothing. */
  readonly fix: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, fix: '' });
export const skipped = (check: string, found: string): Finding => ({ check, state: 'skipped', found, fix: '' });
export const warning = (check: string, found: string, fix: string): Finding => ({ check, state: 'warning', found, fix });
export const failed = (check: string, found: string, fix: string): Finding => ({ check, state: 'failed', found, fix });
