import { useCan } from '../../api/session';
import { useDetectorChange } from './questions';

/** Ends what somebody set. */
export function EndButton({ name, end }: { readonly name: string; readonly end: () => Promise<unknown> }) {
  const { can, why } = useCan('control');
  const change = useDetectorChange(end);
  const says = change.isError ? 'Failed' : change.isSuccess ? 'Ending' : 'End';
  return (
    <button
      type="button"
      className="button detection-small"
      aria-label={`${says} ${name}`}
      title={change.isError ? String(change.error) : why}
      disabled={!can || change.isPending || change.isSuccess}
      onClick={() => change.mutate(undefined)}
    >
      {says}
    </button>
  );
}
