import { callsIn } from '../conversation';
import { canonicalText } from '../canonical';
import { type Finding, type Rule, type Scene, type Similar } from '../finding';
import { isHandOver, isWrite } from '../tool-kind';
import { type Leaf, leavesOf } from '../values';
import { shortened } from '../words';
import { WEIGHTS } from '../weights';

const ALIKE = 0.45;

/** So many of the ids and numbers that people gave are the same where two conversations are about one thing. */
const SAME_THING = 0.5;
/** So many conversations about other things that a call in all of them is not by chance. */
const ENOUGH = 3;

const lastStep = ({ conversation }: Scene): number | undefined =>
  callsIn(conversation).find(({ tool }) => isHandOver(tool))?.step ??
  conversation.steps.findLast(({ role }) => role === 'assistant')?.index;
const namesOf = (some: readonly Similar[]): string =>
  some
    .map(({ id }) => id)
    .slice(0, 3)
    .join(', ');

/** A change that conversations made which went well, and this one did not. */
function neverMadeHere(
  scene: Scene,
  good: readonly Similar[],
  isSame: (a: Change, b: Change) => boolean,
  weight: number,
): Finding[] {
  const step = lastStep(scene);
  const made = changesOf(scene);
  const missing = good[0]?.changes.find(
    (one) => good.every(({ changes }) => changes.some((other) => isSame(one, other))) && !made.some((own) => isSame(one, own)),
  );
  if (!missing || step === undefined) return [];
  return [
    {
      cause: 'departs_from_others',
      step,
      tool: missing.tool,
      reason: `${missing.tool} was called in all ${good.length} similar conversations that went well (${namesOf(good)}), and not here`,
      weight,
      evidence: [],
    },
  ];
}

/** Where two calls of a tool differ first: `flights[].date “2024-05-20” there, “2024-05-21” here`. */
function differenceOf(here: unknown, there: unknown): string {
  const [own, other] = [leavesOf(here), leavesOf(there)];
  const had = new Set(other.map(({ path, value }) => `${path} ${String(value)}`));
  const has = new Set(own.map(({ path, value }) => `${path} ${String(value)}`));
  const added = own.find(({ path, value }) => !had.has(`${path} ${String(value)}`));
  const missing = other.find(({ path, value }) => (!added || path === added.path) && !has.has(`${path} ${String(value)}`));
  const shown = ({ value }: Leaf): string => `“${shortened(String(value), 40)}”`;
  if (added && missing) return `${added.path} is ${shown(added)} here and ${shown(missing)} there`;
  if (added) return `${added.path} ${shown(added)} is only here`;
  return missing ? `${missing.path} ${shown(missing)} is only there` : 'the order differs';
}

/** What the most alike of them did in place of a call. */
function insteadOf({ tool, value }: Change, { changes }: Similar): string {
  const [first] = changes.filter((one) => one.tool === tool);
  if (first) return differenceOf(value, first.value);
  return changes.length === 0
    ? 'it changed nothing'
    : `it called ${[...new Set(changes.map((one) => one.tool))].slice(0, 3).join(', ')} only`;
}

type Change = Similar['changes'][number];
const changesOf = ({ conversation }: Scene): (Change & { readonly step: number })[] =>
  callsIn(conversation)
    .filter(({ tool, failed }) => isWrite(tool) && !failed)
    .map(({ tool, args, step }) => ({ tool, args: canonicalText(args), value: args, step }));
const isSameCall = (a: Change, b: Change): boolean => a.tool === b.tool && a.args === b.args;

/**
 * What conversations like it did that went well. Of those about the same thing: the first change that none of them made, or one that all of them made
 * and this did not. Of those about others of the kind: a tool that all of them called.
 */
export const departsFromOthers: Rule = (scene) => {
  const good = scene.similar.filter(({ wentWell, likeness }) => wentWell === true && likeness >= ALIKE);
  const same = good.filter(({ sharedIds }) => sharedIds >= SAME_THING);
  const [first] = same;
  if (!first) return good.length < ENOUGH ? [] : neverMadeHere(scene, good, (a, b) => a.tool === b.tool, WEIGHTS.tool_of_others);
  const weight = WEIGHTS.departs * (0.6 + 0.4 * Math.max(...same.map(({ likeness }) => likeness)));
  const other = changesOf(scene).find((own) => !same.some(({ changes }) => changes.some((change) => isSameCall(own, change))));
  if (!other) return neverMadeHere(scene, same, isSameCall, weight);
  const reason = `none of the ${same.length} conversations about the same that went well (${namesOf(same)}) made this call of ${other.tool}; in ${first.id} ${insteadOf(other, first)}`;
  return [{ cause: 'departs_from_others', step: other.step, tool: other.tool, reason, weight, evidence: [] }];
};
