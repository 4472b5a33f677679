-- All times are epoch milliseconds.
CREATE TABLE executions (
  execution_arn TEXT PRIMARY KEY,
  -- The last part of the ARN.
  name TEXT NOT NULL,
  goal_id TEXT NOT NULL REFERENCES goals (id),
  user_id TEXT NOT NULL,
  -- running, succeeded, partial, failed, canceled, timed_out
  status TEXT NOT NULL,
  total BIGINT NOT NULL,
  percentage BIGINT NOT NULL,
  estimated_remaining BIGINT,
  started_at BIGINT NOT NULL,
  completed_at BIGINT,
  -- The output, as JSON.
  output TEXT,
  -- What went wrong, where nothing was worked on or the execution was stopped.
  error TEXT,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL
);

CREATE INDEX executions_by_name ON executions (name);
CREATE INDEX executions_of_goal ON executions (goal_id, started_at);

-- How the work on each action of an execution ended: there is a row when it is over.
CREATE TABLE action_results (
  execution_arn TEXT NOT NULL REFERENCES executions (execution_arn),
  action_id TEXT NOT NULL REFERENCES actions (id),
  batch BIGINT NOT NULL,
  -- success, failed
  status TEXT NOT NULL,
  error TEXT,
  message TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  PRIMARY KEY (execution_arn, action_id)
);

CREATE INDEX action_results_by_time ON action_results (finished_at);

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  raised_at BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  total BIGINT NOT NULL
);
