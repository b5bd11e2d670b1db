-- What pseudonyms stand for, sealed under the key of the person they are of: with the key gone nobody can read it. Written by the enricher.
CREATE TABLE IF NOT EXISTS telltale.pseudonyms @ON_CLUSTER
(
    tenant LowCardinality(String),
    subject String COMMENT 'The user_id of the events it stood in; the pseudonym itself where they name no user',
    pseudonym String COMMENT 'As it stands in events',
    sealed String COMMENT 'AES-256-GCM under the key of the subject, base64url of nonce, ciphertext and tag',
    expires_on Date COMMENT 'That of the events; the partition',
    INDEX pseudonym_bloom pseudonym TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(ReplacingMergeTree)
PARTITION BY expires_on
ORDER BY (tenant, subject, pseudonym, sealed)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;
