"""What was sent: intent before a batch goes out, outcome after, on the disk before anything depends on it.

```
planned → intended → accepted | rejected (the service's words) | unknown (sent, and no answer)
```
One schema and one set of statements, on SQLite (a file, the default) or PostgreSQL (for pipelines that share no disk).
A batch is one row as long as all its records share a fate; only records that differ have rows of their own, so that a
million accepted records are ten thousand rows, and the journal is exact all the same.
"""

from nac.journal.errors import JournalError, LockedError
from nac.journal.journal import Journal, PlanRow, open_journal
from nac.journal.states import WINDOW, BatchRow, Counts, Difference, RecordRow, State, Totals

__all__ = [
    "WINDOW",
    "BatchRow",
    "Counts",
    "Difference",
    "Journal",
    "JournalError",
    "LockedError",
    "PlanRow",
    "RecordRow",
    "State",
    "Totals",
    "open_journal",
]
