ALTER TABLE telltale.detector_overrides @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS name String COMMENT 'Holidays only: what people call them',
    ADD COLUMN IF NOT EXISTS dates Array(String) COMMENT 'Holidays only: their days, 2026-12-25',
    ADD COLUMN IF NOT EXISTS utc_offset LowCardinality(String) COMMENT 'Holidays only: how far the clocks by which a day begins are ahead of UTC',
    COMMENT COLUMN type 'label_anomaly, set_maintenance, set_sensitivity, set_holidays',
    COMMENT COLUMN from_at 'Start of its effect; of holidays the begin of the first day',
    COMMENT COLUMN until_at 'End of its effect, of holidays the end of the last day; NULL: until it is ended';
