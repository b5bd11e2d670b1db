import {
  columnSizingFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useLocation } from 'wouter';
import { useRowKeys } from '../shell/row-keys';

/** A column: what it shows of a row, and by what it sorts where it can be sorted by. */
export interface TableColumn<T> {
  readonly id: string;
  readonly name: string;
  readonly cell: (row: T) => ReactNode;
  readonly sortBy?: (row: T) => string | number | null;
  readonly isNumber?: boolean;
  /** A CSS length or fraction; columns share what is left. */
  readonly width?: string;
}

interface DataTableProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  /** Keep it outside of the component, or in a memo. */
  readonly columns: readonly TableColumn<T>[];
  readonly rowId: (row: T) => string;
  /** Where Enter and a click on a row lead. */
  readonly href?: (row: T) => string;
  readonly onChoose?: (row: T) => void;
  /** Marks a row, by its id. */
  readonly chosen?: string;
  readonly maxHeight?: number;
}

const ROW_PX = 36;
const OVERSCAN = 8;
const features = tableFeatures({ columnSizingFeature, rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

/** Rows of which only those in sight are drawn: ten thousand scroll as ten do. J and K move, Enter opens. */
export function DataTable<T extends object>({ label, rows, columns, rowId, href, onChoose, chosen, maxHeight = 640 }: DataTableProps<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const [, go] = useLocation();
  const defined = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return helper.columns(
      columns.map(({ id, name, sortBy }) =>
        helper.accessor((row: T) => sortBy?.(row) ?? null, { id, header: name, enableSorting: sortBy !== undefined, sortUndefined: 'last' }),
      ),
    );
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: defined, data, getRowId: (row: T) => rowId(row), enableMultiSort: false });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => frame.current, estimateSize: () => ROW_PX, overscan: OVERSCAN });
  const open = (row: T | undefined): void => {
    if (!row) return;
    if (onChoose) onChoose(row);
    else if (href) go(href(row));
  };
  const canOpen = onChoose !== undefined || href !== undefined;
  const [at, setAt] = useRowKeys(canOpen ? sorted.length : 0, (row) => open(sorted[row]?.original));
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (at >= 0) scrollToIndex(at);
  }, [at, scrollToIndex]);
  const grid = { gridTemplateColumns: columns.map(({ width, isNumber }) => width ?? (isNumber ? '110px' : 'minmax(100px, 1fr)')).join(' ') };
  return (
    <div ref={frame} className="data-table" role="grid" aria-label={label} aria-rowcount={rows.length + 1} tabIndex={0} style={{ maxHeight }}>
      <div role="rowgroup" className="data-head">
        <div role="row" aria-rowindex={1} className="data-row" style={grid}>
          {table.getFlatHeaders().map(({ id, column }, i) => {
            const direction = column.getIsSorted();
            const sort = direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
            const { name, isNumber } = columns[i] ?? { name: id, isNumber: false };
            return (
              <div key={id} role="columnheader" className={isNumber ? 'number' : undefined} aria-sort={column.getCanSort() ? sort : undefined}>
                {column.getCanSort() ? (
                  <button type="button" onClick={() => column.toggleSorting()}>
                    {name}
                    <span aria-hidden="true">{direction === 'asc' ? ' ↑' : direction === 'desc' ? ' ↓' : ''}</span>
                  </button>
                ) : (
                  name
                )}
              </div>
            );
          })}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start, size }) => {
          const row = sorted[index];
          return (
            row && (
              <div
                key={row.id}
                role="row"
                aria-rowindex={index + 2}
                className="data-row"
                data-opens={canOpen || undefined}
                aria-current={index === at || row.id === chosen || undefined}
                style={{ ...grid, transform: `translateY(${start}px)`, height: size, position: 'absolute' }}
                onClick={({ target }) => {
                  // A link or button in the row does its own.
                  if (target instanceof Element && target.closest('a, button, input') !== null) return;
                  setAt(index);
                  open(row.original);
                }}
              >
                {columns.map(({ id, cell, isNumber }) => (
                  <div key={id} role="gridcell" className={isNumber ? 'number' : undefined}>
                    {cell(row.original)}
                  </div>
                ))}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
} // prettier-ignore
