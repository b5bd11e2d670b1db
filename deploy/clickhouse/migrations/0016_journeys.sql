ALTER TABLE telltale.turns @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS cues Array(LowCardinality(String)) COMMENT 'What its words show: correction, complaint, asks_for_person, thanks, farewell in the request; apology, says_it_failed in the answer' AFTER language;
ALTER TABLE telltale.sessions @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS versions Array(LowCardinality(String)) COMMENT 'Versions of the service (at most 16)' AFTER input_preview,
    ADD COLUMN IF NOT EXISTS prompt_versions Array(LowCardinality(String)) COMMENT 'Prompt templates, name and version joined by an at sign (at most 16)' AFTER versions,
    ADD COLUMN IF NOT EXISTS regions Array(LowCardinality(String)) COMMENT 'cloud.region of its turns (at most 16)' AFTER prompt_versions,
    ADD COLUMN IF NOT EXISTS feature_flags Array(LowCardinality(String)) COMMENT 'Flags in effect, name and value joined by an equals sign (at most 64)' AFTER regions,
    ADD COLUMN IF NOT EXISTS dimensions Array(String) COMMENT 'Values of the dimensions that the tenant named, name and value joined by an equals sign (at most 40)' AFTER feature_flags,
    ADD COLUMN IF NOT EXISTS waiting_ms Float64 COMMENT 'How long its answers took, together; 0 where nobody measured them' AFTER dimensions,
    ADD COLUMN IF NOT EXISTS longest_wait_ms Float64 COMMENT 'How long the slowest answer took' AFTER waiting_ms,
    ADD COLUMN IF NOT EXISTS friction Nullable(Float64) COMMENT '0: it went smoothly, 1: everything went wrong; NULL for a session that an earlier release began' AFTER longest_wait_ms,
    ADD COLUMN IF NOT EXISTS friction_reasons Map(LowCardinality(String), Float64) COMMENT 'What each sign of friction adds to it' AFTER friction,
    ADD COLUMN IF NOT EXISTS friction_signs Map(LowCardinality(String), UInt32) COMMENT 'How often each sign of friction was met' AFTER friction_reasons,
    ADD COLUMN IF NOT EXISTS abandoned_because LowCardinality(String) COMMENT 'Most likely reason why the user left unhelped, if nothing follows; empty where the last turn helped or handed over' AFTER friction_signs,
    ADD COLUMN IF NOT EXISTS path_intents Array(LowCardinality(String)) COMMENT 'Intents of its turns in order (the first 100)' AFTER abandoned_because,
    ADD COLUMN IF NOT EXISTS path_outcomes Array(LowCardinality(String)) COMMENT 'Outcomes of its turns in order (the first 100); a goodbye that got no answer counts as unknown' AFTER path_intents,
    ADD COLUMN IF NOT EXISTS path_friction Array(UInt8) COMMENT 'Friction after each of its turns, in percent (the first 100)' AFTER path_outcomes;
