CREATE TABLE goals (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  -- draft, processing, active, partial, failed
  status TEXT NOT NULL,
  -- The name of the execution that works on the goal, and since when: one at a time.
  active_run TEXT,
  active_since BIGINT,
  completed_at BIGINT,
  updated_at BIGINT NOT NULL
);

CREATE TABLE sub_goals (
  id TEXT PRIMARY KEY,
  goal_id TEXT NOT NULL REFERENCES goals (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL
);

CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  goal_id TEXT NOT NULL REFERENCES goals (id),
  sub_goal_id TEXT NOT NULL REFERENCES sub_goals (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL
);

CREATE INDEX actions_of_goal ON actions (goal_id, position);
