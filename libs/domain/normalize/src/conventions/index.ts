import { compileVocabulary, type Vocabulary } from '../vocabulary';
import { FRAMEWORKS } from './frameworks';
import { LANGFUSE, LANGSMITH } from './langfuse';
import { OPENINFERENCE } from './openinference';
import { OPENLLMETRY } from './openllmetry';
import { COMMON, MCP, OTEL_GENAI } from './otel-genai';
import { VERCEL_AI } from './vercel-ai';

/**
 * In order of precedence: who speaks more than one of these on a span is read by the first that says a field. A person who sets
 * `langfuse.*` by hand means it; OpenInference says more of messages than a generation of OTel that it writes beside; what a framework
 * writes for itself comes last.
 */
export const VOCABULARIES: readonly Vocabulary[] = [
  LANGFUSE,
  OPENINFERENCE,
  OTEL_GENAI,
  OPENLLMETRY,
  VERCEL_AI,
  LANGSMITH,
  FRAMEWORKS,
  MCP,
  COMMON,
];

export const allVocabularies = compileVocabulary(...VOCABULARIES);
