import { type Call, type Turn } from '../call';
import { type Claims } from '../claims';

/** Fewer output tokens are cut on purpose, as of a classification. */
const LEAST_CUT_TOKENS = 64;

const isModelCall = ({ kind, failed }: Call): boolean => kind === 'llm' && !failed;

/** An answer that ended at its limit of output and had to be asked for again, or with which the turn failed. */
export function outputCap({ calls, hasFailed }: Turn, claims: Claims): void {
  const models = calls.filter(isModelCall);
  models.forEach((call, nth) => {
    if (!call.isCut || call.output + call.reasoning < LEAST_CUT_TOKENS) return;
    const again = models.slice(nth + 1).find(({ scope, hash, at }) => hash !== '' && hash === call.hash && scope === call.scope && at >= call.end); // prettier-ignore
    if (!again && !(hasFailed && nth === models.length - 1)) return;
    claims.take('output_cap', call, { against: again, detail: `cut after ${call.output + call.reasoning} output tokens` });
  });
}

/** Of two answers at the same time the one that was not given, when nothing came after it that could have read it. */
export function outputUnused({ calls, answerHash }: Turn, claims: Claims): void {
  if (answerHash === '') return;
  const answers = calls.filter((call) => isModelCall(call) && call.isAnswer);
  const given = answers.find(({ resultHash }) => resultHash === answerHash);
  if (!given) return;
  const rivals = answers.filter(
    (one) =>
      one !== given && one.scope === given.scope && one.resultHash !== answerHash && one.at < given.end && given.at < one.end,
  );
  // Several answers to one prompt are a vote.
  if (rivals.length !== 1) return;
  for (const rival of rivals)
    if (!calls.some((one) => one !== given && one !== rival && one.at >= rival.end))
      claims.take('output_unused', rival, { against: given, detail: 'another call at the same time gave the answer' });
}

/** All that a turn cost that came to nothing; what came after its first failure could have been saved. */
export function failedTurn({ calls, hasFailed }: Turn, claims: Claims): void {
  if (!hasFailed) return;
  const failed = calls.filter((call) => call.failed).sort((a, b) => a.end - b.end)[0];
  for (const call of calls)
    if (call.isPaid)
      claims.take('failed_turn', call, { avoidable: failed && call.at >= failed.end ? 1 : 0, against: failed, detail: 'no answer came of it' });
} // prettier-ignore
