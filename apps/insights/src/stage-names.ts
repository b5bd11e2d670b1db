/** Services that read as a group, and so can lag and refuse. */
export const STAGES = ['enricher', 'scorer', 'costs', 'verbosity', 'incidents'] as const;
