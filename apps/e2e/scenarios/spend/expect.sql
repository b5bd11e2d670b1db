SELECT toString(hour) AS hour, model, toUInt32(sum(calls)) AS calls, toUInt32(sum(unpriced_calls)) AS unpriced, toInt32(sum(cost_nano_usd)) AS nano
FROM telltale.spend GROUP BY hour, model ORDER BY hour
