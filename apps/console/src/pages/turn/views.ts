export const VIEWS = ['tree', 'compact', 'graph'] as const;
export type View = (typeof VIEWS)[number];
