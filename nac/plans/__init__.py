"""Plans on disk: what is to be sent, exactly, and what it was made from.

```
plan/
  manifest.json                  counts, sizes, digests, the workspace; `id` is the digest of its "plan" part
  batches/000001.ndjson.zst      zstd NDJSON: a line that tells of a batch, then its records, one a line; and so on
```
A plan is written once, under another name until it is whole, and never changed. Everything is read back against its
digest before it is used, so that what is sent is what was planned.
"""

from nac.plans.manifest import FORMAT, BatchFile, Manifest, PlanError, TriggerCount
from nac.plans.reader import StoredPlan, open_plan
from nac.plans.sources import digests, stale
from nac.plans.writer import PlanWriter

__all__ = [
    "FORMAT",
    "BatchFile",
    "Manifest",
    "PlanError",
    "PlanWriter",
    "StoredPlan",
    "TriggerCount",
    "digests",
    "open_plan",
    "stale",
]
