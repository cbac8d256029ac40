-- Webhooks: what happens is told to a program elsewhere.
CREATE TABLE webhook (
    id {id} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    active {int} NOT NULL,
    -- By whose eyes it is told: what this person may not see is not sent.
    eyes {id} NOT NULL,
    -- What deliveries are signed with; for a while also with the one before.
    secret {text} NOT NULL,
    former_secret {text},
    former_until {int},
    -- How far the outbox has been gone through for it.
    position {text} NOT NULL,
    -- What was begun before this instant it is not told: on PostgreSQL such may stand behind the position.
    begins_at {int} NOT NULL,
    paused_at {int},
    -- failing, gone, eyes
    paused_why {text},
    -- Since when nothing has gone through, and how often in a row.
    failing_since {int},
    failures {int} NOT NULL,
    succeeded_at {int},
    -- What happened before this instant and was not told by then was let go.
    gap_until {int},
    created_at {int} NOT NULL,
    created_by {id} NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- One event for one webhook.
CREATE TABLE webhook_delivery (
    id {id} NOT NULL PRIMARY KEY,
    webhook {id} NOT NULL,
    object {text} NOT NULL,
    -- The record, or the delivery itself where it is about none.
    record {id} NOT NULL,
    revision {int} NOT NULL,
    -- Order of what shares a revision.
    nth {int} NOT NULL,
    act {text} NOT NULL,
    kind {text} NOT NULL,
    at {int} NOT NULL,
    created_at {int} NOT NULL,
    -- waiting, delivered, failed
    state {text} NOT NULL,
    -- All attempts, and those since it was last put in the queue.
    attempts {int} NOT NULL,
    tries {int} NOT NULL,
    queued_at {int} NOT NULL,
    ended_at {int},
    body {text} NOT NULL
) {strict};
CREATE INDEX webhook_delivery_newest ON webhook_delivery (webhook, created_at, id);
CREATE INDEX webhook_delivery_state ON webhook_delivery (webhook, state, created_at, id);
CREATE INDEX webhook_delivery_lane ON webhook_delivery (webhook, record, state, revision, nth);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at);

-- A record about which deliveries of a webhook wait: whoever holds the lease sends, one after the other.
CREATE TABLE webhook_lane (
    webhook {id} NOT NULL,
    record {id} NOT NULL,
    due_at {int} NOT NULL,
    lease {id},
    lease_until {int},
    PRIMARY KEY (webhook, record)
) {strict};
CREATE INDEX webhook_lane_due ON webhook_lane (due_at);

CREATE TABLE webhook_attempt (
    delivery {id} NOT NULL,
    nth {int} NOT NULL,
    at {int} NOT NULL,
    took_ms {int} NOT NULL,
    status {int},
    error {text},
    request {text} NOT NULL,
    answer {text},
    PRIMARY KEY (delivery, nth)
) {strict};

-- What a record held when it was deleted for good, for webhooks that have yet to tell of it.
CREATE TABLE webhook_last (
    record {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    revision {int} NOT NULL,
    doc {text} NOT NULL,
    at {int} NOT NULL
) {strict};

-- Whether an earlier revision of a record stands further behind.
CREATE INDEX outbox_record ON outbox (record, revision);
