"""When to try again: exponential back-off with full jitter, or what the service asks for in Retry-After."""

from __future__ import annotations

from random import Random

from tenacity import RetryCallState
from tenacity.wait import wait_base

FIRST = 0.5  # seconds; doubled with every attempt
MOST = 30.0
MOST_ASKED = 300.0  # of what Retry-After may ask for


class AgainError(Exception):
    """Some records of a call are to be sent again; `after` is what Retry-After asked for, in seconds."""

    def __init__(self, after: float | None = None) -> None:
        super().__init__()
        self.after = after


class FullJitter(wait_base):
    """Somewhere between nothing and the doubled delay, so that those who failed together do not return together."""

    def __init__(self, random: Random, first: float = FIRST, most: float = MOST) -> None:
        self._random = random
        self._first = first
        self._most = most

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        upto = min(self._most, self._first * 2 ** min(retry_state.attempt_number - 1, 30))
        jitter = self._random.uniform(0, upto)
        if isinstance(error, AgainError) and error.after is not None:
            return min(error.after, MOST_ASKED) + min(jitter, 1.0)
        return jitter
