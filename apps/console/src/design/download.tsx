import { type CsvColumn, csvOf } from '../format/csv';

interface DownloadProps<T> {
  /** Of the file, without `.csv`. */
  readonly name: string;
  readonly rows: readonly T[];
  readonly columns: readonly CsvColumn<T>[];
}

/** Saves the rows that are shown as a file. */
export function Download<T>({ name, rows, columns }: DownloadProps<T>) {
  function save(): void {
    const address = URL.createObjectURL(new Blob([csvOf(rows, columns)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name}.csv`;
    link.click();
    // The browser has begun to read it by the next task.
    window.setTimeout(() => URL.revokeObjectURL(address), 0);
  }
  return (
    <button type="button" className="button" disabled={rows.length === 0} onClick={save}>
      Download CSV
    </button>
  );
}
