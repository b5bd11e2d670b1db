import { Controller, HttpCode, Inject, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import { createPriceBook, type PriceBook, withOverrides } from '@telltale/domain-pricing';
import { reprice, type RepriceReport } from '@telltale/pipeline-costs';
import { ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { jsonBodyOf } from '../parameters';

const FIX = 'give ISO 8601: 2026-11-23T03:00:00Z';

function timeOf(body: Readonly<Record<string, unknown>>, name: string): number {
  const time = typeof body[name] === 'string' ? Date.parse(body[name]) : NaN;
  if (!Number.isFinite(time) || time < 0) throw badParameter(name, 'is not a time', FIX);
  return time;
}

@Controller('api/costs')
@UseGuards(ApiKeyGuard)
@NeedsScope('admin')
@UseFilters(ApiErrorFilter)
export class RepriceController {
  private readonly book: PriceBook;
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {
    this.book = withOverrides(createPriceBook(), deps.priceOverrides ?? []);
  }

  /** Prices the calls of a range again; what differs goes to costs as corrections. Body: from, to (ISO 8601), dry_run. */
  @Post('reprice')
  @HttpCode(200)
  async reprice(@Req() request: TenantRequest): Promise<RepriceReport> {
    const body = jsonBodyOf(request.body);
    const [from, to] = [timeOf(body, 'from'), timeOf(body, 'to')];
    if (from >= to) throw badParameter('from', 'lies not before to', 'give an earlier from or a later to');
    const { tenant } = request;
    const rows = this.deps.questions.rowsFor(request);
    return reprice({ ...this.deps, rows, book: this.book }, { tenant, from, to, dryRun: body['dry_run'] === true });
  }
}
