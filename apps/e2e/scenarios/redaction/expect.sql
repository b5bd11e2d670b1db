SELECT
    trace_id,
    position(tool_arguments, '4111') AS card,
    position(tool_arguments, '1234567890123456') > 0 AS order_kept,
    position(tool_result, 'jane') AS mail,
    position(tool_result, 'receipt') > 0 AS rest_kept,
    startsWith(user_id, 'u_') AS pseudonym,
    redactions > 0 AS counted
FROM telltale.events
