"""What an answer means for each record of a call: what the journal is told, and what is sent again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nac.dispatch.outcomes import Accepted, Outcome, Rejected, Unsent
from nac.dispatch.privacy import without_addresses
from nac.journal.journal import Settlement
from nac.journal.states import Difference, State
from nac.limits import Kind
from nac.plan import record_id

TOO_MANY = 429
_ADVICE = {
    403: "these credentials may not do this: see on SuprSend what they are for",
    404: "nothing is sent to at this address: check --hub or SUPRSEND_BASE_URL",
    407: "a proxy asks for credentials: check HTTPS_PROXY",
}  # fmt: skip
# The service answered for the whole call and looked at none of its records: every other call would end so, too.
HOPELESS = frozenset({401, 402, 403, 404, 405, 407, 410, 411, 415})


@dataclass(slots=True)
class Work:
    """Records of one batch that are to be sent in one call. `positions` are their places in the batch; `whole`: they
    are all of it, and the journal knows them by one row. `since`: see `Difference`."""

    number: int
    kind: Kind
    positions: tuple[int, ...]
    records: tuple[bytes, ...]
    since: float | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a call. `status` is None where nothing did; `taken`: all its records were."""

    status: int | None
    outcomes: tuple[Outcome, ...]
    retry_after: float | None = None
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`left` are the records that are to be sent again, `halves`: in two calls, because the service refused the call
    as a whole for what may be one of them. `hopeless` says why no call would go better."""

    settlement: Settlement
    left: Work | None = None
    halves: bool = False
    hopeless: str | None = None
    slow_down: bool = False
    rejected: tuple[Difference, ...] = ()


def judge(work: Work, answer: Answer, sent: float, hide: Callable[[str], str] = without_addresses) -> Verdict:
    """The verdict on a call that was begun at `sent`."""
    positions = None if work.whole else work.positions
    if answer.taken:
        return Verdict(Settlement(work.number, "accepted", positions=positions))
    failed = answer.status is None or not 200 <= answer.status < 300
    slow = answer.status is None or answer.status == TOO_MANY or answer.status >= 500
    first = answer.outcomes[0]
    if failed and isinstance(first, Rejected) and (first.status in HOPELESS or 300 <= first.status < 400):
        back, since = _unreceived(work)
        settled = Settlement(work.number, back, since, positions=positions)
        return Verdict(settled, work, hopeless=_explained(first.status, hide(first.message)))
    if isinstance(first, Unsent) and first.hopeless:
        back, since = _unreceived(work)
        return Verdict(Settlement(work.number, back, since, positions=positions), work, hopeless=hide(first.reason))
    if failed and len(work.records) > 1 and isinstance(first, Rejected) and _state(first) == "rejected":
        apart = tuple(Difference(place, *_unreceived(work)) for place in work.positions)
        left = Work(work.number, work.kind, work.positions, work.records, work.since, False)
        return Verdict(Settlement(work.number, "accepted", positions=positions, different=apart), left, halves=True)
    if failed and _state(first) != "rejected":
        state, since = _fate(work, first, sent)
        reason = hide(_reason(first))
        left = Work(work.number, work.kind, work.positions, work.records, since, work.whole)
        return Verdict(Settlement(work.number, state, since, reason, positions), left, slow_down=slow)
    return _apart(work, answer, sent, positions, hide)


def _explained(status: int, message: str) -> str:
    """What the service said of a whole call, and what somebody can do about it."""
    advice = f" ({_ADVICE[status]})" if status in _ADVICE else ""
    return f"the service answered {status}: {message}{advice}"


def _apart(
    work: Work, answer: Answer, sent: float, positions: tuple[int, ...] | None, hide: Callable[[str], str]
) -> Verdict:
    """Each record has a fate of its own."""
    different: list[Difference] = []
    again: list[int] = []
    for index, (place, outcome) in enumerate(zip(work.positions, answer.outcomes, strict=True)):
        if isinstance(outcome, Accepted):
            continue
        state, since = _fate(work, outcome, sent)
        status = outcome.status if isinstance(outcome, Rejected) else 0
        body = work.records[index]
        different.append(Difference(place, state, since, status, hide(_reason(outcome)), record_id(body)))
        if state != "rejected":
            again.append(index)
    left = None
    if again:
        # The earliest time of any stands for all: at worst one is given up on too early.
        times = [one.since for one in different if one.state != "rejected" and one.since is not None]
        left = Work(work.number, work.kind, tuple(work.positions[index] for index in again),
                    tuple(work.records[index] for index in again), min(times, default=None), False)  # fmt: skip
    settled = Settlement(work.number, "accepted", positions=positions, different=tuple(different))
    slow = any(one.status == TOO_MANY for one in different)
    rejected = tuple(one for one in different if one.state == "rejected")
    return Verdict(settled, left, slow_down=slow, rejected=rejected)


def _fate(work: Work, outcome: Outcome, sent: float) -> tuple[State, float | None]:
    state = _state(outcome)
    if state == "unknown":
        return "unknown", sent if work.since is None else work.since
    return ("rejected", None) if state == "rejected" else _unreceived(work)


def _unreceived(work: Work) -> tuple[State, float | None]:
    """This call did not reach the service; an earlier one may have."""
    return ("planned", None) if work.since is None else ("unknown", work.since)


def _state(outcome: Outcome) -> State:
    """What a failed outcome says of its record, by itself."""
    if isinstance(outcome, Accepted):
        return "accepted"
    if isinstance(outcome, Rejected):
        if outcome.status in (TOO_MANY, 425):
            return "planned"
        return "unknown" if outcome.status >= 500 or outcome.status == 408 else "rejected"
    return "unknown" if outcome.maybe_received else "planned"


def _reason(outcome: Outcome) -> str:
    if isinstance(outcome, Rejected):
        return outcome.message
    return "" if isinstance(outcome, Accepted) else outcome.reason
