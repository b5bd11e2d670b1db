import { type ToolPrice, unitsAt } from '@telltale/domain-pricing';
import { adding, ok } from '@telltale/streaming';
import { type EnrichStep, type Normalized, type UnitsKnown } from '../types';

/**
 * Reads how many units a call of a tool is charged for, where its tenant pays for units. It needs arguments and result as they came: behind the
 * next step they may be masked or gone. The number alone goes on, and only its price is stored.
 */
export function createReadUnitsStep(
  toolPricesOf: (tenant: string) => ReadonlyMap<string, ToolPrice>,
): EnrichStep<Normalized, UnitsKnown> {
  return function readUnits(item) {
    const { event, content } = item.draft;
    const path = event.kind === 'tool' ? toolPricesOf(event.tenant).get(event.tool_name)?.unit_path : undefined;
    const units = path === undefined ? null : unitsAt(path, { arguments: content.tool_arguments, result: content.tool_result });
    return ok(adding(item, { units }));
  };
}
