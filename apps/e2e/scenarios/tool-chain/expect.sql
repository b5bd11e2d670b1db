SELECT
    count() AS events,
    uniqExact(error_fingerprint) - 1 AS faults,
    countIf(kind = 'tool' AND status = 'error') AS tool_errors,
    anyIf(decision_chosen, kind = 'llm') AS chosen,
    sumIf(usage_input_uncached, kind = 'llm') AS uncached,
    sumIf(usage_cache_read, kind = 'llm') AS cached,
    sumIf(usage_output, kind = 'llm') AS output,
    sumIf(usage_reasoning, kind = 'llm') AS reasoning,
    min(backfill) AS backfill
FROM telltale.events
