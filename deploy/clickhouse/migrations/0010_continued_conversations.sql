ALTER TABLE telltale.events @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS conversation_hashes Array(String) COMMENT 'Keyed hashes of its first request, of the exchanges before its last request (empty: none) and of these with the answer; calls of models in no named session only' AFTER prompt_block_hashes;
ALTER TABLE telltale.turns @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS conversation_hashes Array(String) COMMENT 'Keyed hashes of its first request, of the exchanges before this turn (empty: none) and of these with this turn; of turns that name neither session nor user only' AFTER request_simhash;
ALTER TABLE telltale.sessions @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS trace_ids Array(String) COMMENT 'Its turns, where they were recognized by their messages (the latest 200)' AFTER derived,
    COMMENT COLUMN derived 'No producer named it: turns of one service, each within 30 min of those before, of one user or, where none is named, of one conversation by its messages';
