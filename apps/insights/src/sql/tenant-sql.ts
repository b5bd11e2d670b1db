import { DERIVED_TABLES, TABLES } from '@telltale/contracts';

/** Tables with rows of several tenants; views read from these. */
const SHARED = [...TABLES, ...DERIVED_TABLES];

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * The statement with rows of one tenant only, and bounded. The filters are the engine's (`additional_table_filters`): they hold
 * inside views, subqueries and unions, and the guard lets nobody set SETTINGS of their own.
 */
export function forTenant(
  sql: string,
  tenant: string,
  limits: { readonly maxRows: number; readonly maxSeconds: number },
): string {
  const filters = SHARED.map((table) => `${quote(`telltale.${table}`)}: ${quote(`tenant = ${quote(tenant)}`)}`).join(', ');
  return (
    `${sql}\nSETTINGS additional_table_filters = {${filters}}, max_execution_time = ${limits.maxSeconds}, ` +
    `max_result_rows = ${limits.maxRows}, result_overflow_mode = 'break'`
  );
}
