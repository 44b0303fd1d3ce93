"""The journal's tables, as numbered steps that are never changed once released. Times are seconds of the epoch."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE plans (
            id TEXT PRIMARY KEY, workspace TEXT NOT NULL, hub TEXT NOT NULL, account TEXT NOT NULL,
            triggers TEXT NOT NULL, batches BIGINT NOT NULL, records BIGINT NOT NULL, recipients BIGINT NOT NULL,
            started DOUBLE PRECISION NOT NULL, finished DOUBLE PRECISION)""",
        """CREATE TABLE batches (
            plan TEXT NOT NULL REFERENCES plans (id), number BIGINT NOT NULL, records BIGINT NOT NULL,
            state TEXT NOT NULL, since DOUBLE PRECISION, changed DOUBLE PRECISION NOT NULL, attempts BIGINT NOT NULL,
            reason TEXT NOT NULL, PRIMARY KEY (plan, number))""",
        """CREATE TABLE records (
            plan TEXT NOT NULL, batch BIGINT NOT NULL, position BIGINT NOT NULL, state TEXT NOT NULL,
            since DOUBLE PRECISION, status BIGINT NOT NULL, reason TEXT NOT NULL, id TEXT NOT NULL,
            PRIMARY KEY (plan, batch, position))""",
        "CREATE TABLE clock (seen DOUBLE PRECISION NOT NULL)",
        "INSERT INTO clock (seen) VALUES (0)",
    ),
    (
        """CREATE TABLE triggers (
            plan TEXT NOT NULL REFERENCES plans (id), name TEXT NOT NULL, recipients BIGINT NOT NULL,
            PRIMARY KEY (plan, name))""",
    ),
    # Counts up with every run that takes a plan on: one that lost its lock sees that another has had it since.
    ("ALTER TABLE plans ADD COLUMN runs BIGINT NOT NULL DEFAULT 0",),
)
