CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  action_id TEXT NOT NULL REFERENCES actions (id),
  execution_arn TEXT NOT NULL REFERENCES executions (execution_arn),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  estimated_minutes BIGINT NOT NULL,
  priority TEXT NOT NULL,
  type TEXT NOT NULL,
  generator TEXT NOT NULL,
  -- What the whole answer that this task came with has cost.
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX tasks_of_action ON tasks (action_id, position);

-- One row for each call of a generator, written before the call: what was really asked, and what it has cost, whatever became of it.
CREATE TABLE generations (
  id TEXT PRIMARY KEY,
  execution_arn TEXT NOT NULL REFERENCES executions (execution_arn),
  action_id TEXT NOT NULL REFERENCES actions (id),
  batch BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  idempotency_key TEXT NOT NULL,
  process BIGINT NOT NULL,
  generator TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  -- completed, failed; null while it goes on, or if its process died
  status TEXT,
  error TEXT,
  -- The answer, as JSON.
  output TEXT,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL
);

CREATE INDEX generations_of_action ON generations (execution_arn, action_id);
