/** Names of the attributes that only an import writes. What people put into metadata has names of its own behind those of metadata. */
export const ATTRIBUTES = {
  traceName: 'langfuse.trace.name',
  traceTags: 'langfuse.trace.tags',
  traceMetadata: 'langfuse.trace.metadata',
  metadata: 'langfuse.observation.metadata',
  statusMessage: 'langfuse.observation.status_message',
  version: 'langfuse.version',
  scoreComment: 'langfuse.score.comment',
  scoreSource: 'langfuse.score.source_type',
  scoreDataType: 'langfuse.score.data_type',
  scoreAuthor: 'langfuse.score.author_user_id',
  scoreRun: 'langfuse.score.dataset_run_id',
} as const;

export const LANGFUSE_EXPORT_ATTRIBUTES: readonly string[] = Object.values(ATTRIBUTES);
