import { messageOf, PermanentError, TelltaleError, TransientError } from '@telltale/kernel';

/**
 * Codes that mean that a row (or the statement) is wrong and will fail on every retry: the batch is bisected down to the row, which goes to
 * the DLQ. Numbers and names are ClickHouse's, src/Common/ErrorCodes.cpp; a test compares them with the engine. A code belongs here only if
 * the engine raises it before it writes any row of the batch, as parsing does, because the halves have tokens of their own.
 * Every other error (memory, merges that lag behind, keeper, missing tables) may be temporary, and waiting loses nothing. That includes
 * TOO_MANY_PARTS (252): our inserts disable the limit of partitions per block, its other meaning.
 */
export const PERMANENT_CODES: ReadonlyMap<string, string> = new Map([
  ['6', 'CANNOT_PARSE_TEXT'], ['19', 'SIZE_OF_FIXED_STRING_DOESNT_MATCH'], ['25', 'CANNOT_PARSE_ESCAPE_SEQUENCE'], ['26', 'CANNOT_PARSE_QUOTED_STRING'],
  ['27', 'CANNOT_PARSE_INPUT_ASSERTION_FAILED'], ['33', 'CANNOT_READ_ALL_DATA'], ['38', 'CANNOT_PARSE_DATE'], ['41', 'CANNOT_PARSE_DATETIME'],
  ['43', 'ILLEGAL_TYPE_OF_ARGUMENT'], ['46', 'UNKNOWN_FUNCTION'], ['47', 'UNKNOWN_IDENTIFIER'], ['53', 'TYPE_MISMATCH'], ['62', 'SYNTAX_ERROR'],
  ['69', 'ARGUMENT_OUT_OF_BOUND'], ['70', 'CANNOT_CONVERT_TYPE'], ['72', 'CANNOT_PARSE_NUMBER'], ['117', 'INCORRECT_DATA'], ['128', 'TOO_LARGE_ARRAY_SIZE'],
  ['130', 'CANNOT_READ_ARRAY_FROM_TEXT'], ['131', 'TOO_LARGE_STRING_SIZE'], ['190', 'SIZES_OF_ARRAYS_DONT_MATCH'], ['248', 'INVALID_PARTITION_VALUE'],
  ['306', 'TOO_DEEP_RECURSION'], ['321', 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE'], ['346', 'CANNOT_CONVERT_CHARSET'], ['349', 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN'],
  ['376', 'CANNOT_PARSE_UUID'], ['407', 'DECIMAL_OVERFLOW'], ['441', 'CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING'], ['457', 'BAD_QUERY_PARAMETER'],
  ['467', 'CANNOT_PARSE_BOOL'], ['469', 'VIOLATED_CONSTRAINT'], ['563', 'CANNOT_READ_MAP_FROM_TEXT'], ['626', 'CANNOT_SKIP_UNKNOWN_FIELD'],
  ['632', 'UNEXPECTED_DATA_AFTER_PARSED_VALUE'], ['636', 'CANNOT_EXTRACT_TABLE_STRUCTURE'], ['675', 'CANNOT_PARSE_IPV4'], ['676', 'CANNOT_PARSE_IPV6'],
  ['691', 'UNKNOWN_ELEMENT_OF_ENUM'], ['760', 'UNICODE_ERROR'],
]); // prettier-ignore

interface EngineError extends Error {
  readonly code: string;
  readonly type?: string;
}
/** Checked by shape: the server's client and the in-process engine have different error classes. */
export const isEngineError = (error: unknown): error is EngineError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^\d+$/.test(error.code);

/** The engine's code of an error that was wrapped here. */
export const engineCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && isEngineError(error.cause) ? error.cause.code : undefined;

/** Classifies an error of the client by its code. */
export function classify(error: unknown, doing: string): TelltaleError {
  if (error instanceof TelltaleError) return error;
  if (isEngineError(error)) {
    const name = PERMANENT_CODES.get(error.code);
    if (name) return new PermanentError('rejected', `${doing}: ClickHouse rejects it (${name})`, { cause: error });
    return new TransientError(
      'unavailable',
      `${doing}: ClickHouse says code ${error.code}${error.type ? ` (${error.type})` : ''}`,
      { cause: error },
    );
  }
  return new TransientError('unavailable', `${doing}: ${messageOf(error)}`, { cause: error });
}
