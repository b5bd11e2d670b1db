SELECT id, usage_input_uncached AS input, usage_output AS output, usage_estimated AS estimated, cost_nano_usd AS nano
FROM telltale.events ORDER BY ts
