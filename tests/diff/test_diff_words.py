from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from nac.diff.reads import in_words, newly_required, required, tidy, tidy_sql
from nac.diff.words import Part, words

TEXT = st.text(alphabet="ab é\n.,<>'日", max_size=40)


@given(TEXT, TEXT)
def test_the_parts_are_the_two_texts(before: str, after: str) -> None:
    made = words(before, after)
    assert "".join(one.text for one in made if one.kind != "removed") == after
    assert "".join("".join(one.text for one in made if one.kind != "added").split()) == "".join(before.split())
    assert all(one.text for one in made)


def test_words() -> None:
    assert words("Hello Bea, how are you?", "Hello Ann, how are you?") == (
        Part("same", "Hello "), Part("removed", "Bea"), Part("added", "Ann"), Part("same", ", how are you?"),
    )  # fmt: skip
    assert words("is on its way", "was sent") == (Part("removed", "is on its way"), Part("added", "was sent"))
    assert words("same", "same") == (Part("same", "same"),)
    assert words("", "") == ()


def test_long_texts_take_no_time() -> None:
    start = time.perf_counter()
    words("a b c\n" * 20_000, "a c b\n" * 20_000)
    words("a " * 500_000, "b " * 500_000)
    words(" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1))))
    assert time.perf_counter() - start < 60


def needed(trigger: dict[str, object]) -> set[str]:
    return {in_words(one) for one in required(trigger)}


def test_what_expressions_need() -> None:
    assert needed({"data": {"a": "{{ event.a.b }} {{ event.c | default('x') }} {{ event.d.e | default('x') }}"}}) == {
        "event.a.b", "event.d",
    }  # fmt: skip
    selector = {"each": "{{ event.people }}", "as": "p", "user": {"distinct_id": "{{ p.id }}"}}
    assert needed({"recipients": [selector]}) == {"event.people", "event.people[].id"}
    assert needed({"data": "{% for c in event.comments %}{{ c.text }}{{ loop.index }}{% endfor %}"}) == {
        "event.comments", "event.comments[].text",
    }  # fmt: skip
    assert needed({"data": "{{ event.x if event.x is defined else event.y }}"}) == {"event.y"}
    assert needed({"data": "{{ event.lines | map(attribute='name') | list }}"}) == {"event.lines", "event.lines[].name"}
    assert needed({"data": {"a": "{{ env.URL }}"}, "samples": [{"event": {"a": "{{ event.b }}"}}]}) == {"env.URL"}


def test_what_is_newly_needed() -> None:
    old, new = (
        [("event", "a", "b")],
        [("event", "a"), ("event", "a", "b"), ("event", "a", "c"), ("event", "a", "c", "d")],
    )
    assert newly_required(old, new) == [("event", "a", "c", "d")]


def test_one_spacing() -> None:
    assert tidy("{{event.id}}") == tidy("{{  event . id  }}") == "{{ event.id }}"
    assert tidy("{{ a|join(', ') }} x") == "{{ a | join(', ') }} x"
    assert tidy("{{ 'a  b' }}") != tidy("{{ 'a b' }}")
    assert tidy("{{- a -}}") != tidy("{{ a }}")
    assert tidy_sql("Team = $team  AND a.b IN (1)") == tidy_sql("team=$team and a.b in(1)")
    for quoted in ("name = $$Bob$$", "name = $q$Bob$q$", "name = $q_1$Bob$q_1$"):
        assert tidy_sql(quoted) != tidy_sql(quoted.replace("Bob", "bob"))
    assert tidy("a  b") == "a  b"
