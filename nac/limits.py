"""What one call of the service takes. Source: the vendor's documentation and the constants of its Python SDK."""

from __future__ import annotations

from typing import Literal

Kind = Literal["workflow", "dynamic", "broadcast"]

MAX_RECIPIENTS = 100  # people in one record
MAX_RECORDS = 100  # records in one bulk call
MAX_BYTES = 800 * 1024  # of a record, and of a bulk body
RECORD_OVERHEAD = 200  # bytes that the service adds to each record, counted against MAX_BYTES
MAX_KEY = 255  # characters of an idempotency or cancellation key, spaces around it not counted
MAX_TENANT = 64  # characters of a tenant id
