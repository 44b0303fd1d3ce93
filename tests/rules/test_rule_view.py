"""What rules can ask of a project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nac import api
from nac.check import Compiler
from nac.handlebars.usage import Read
from nac.rules.view import View
from rule_pages import write_files

TRIGGER = """\
workflow: {name}
template: hello
recipients: [{{user: u1}}, {{user: u2}}]
data: {{a: "{{{{ event.a }}}}"}}
samples: [{{name: one, event: {{a: 1}}}}, {{name: two, event: {{b: 1}}}}]
"""
FILES = {
    "notifications/one.yaml": TRIGGER.format(name="one"),
    "notifications/two.yaml": TRIGGER.format(name="two"),
    "notifications/other.yaml": "workflow: other\nrecipients: [{user: u1}]\n",
    "notifications/templates/hello/email.hbs": '---\nsubject: "Hé {{a}}"\n---\nHi\n{{#if b}}{{b.c}}{{/if}} {{#x}}\n',
    "notifications/templates/hello/sms.hbs": "Hi {{a}}\n",
    "notifications/templates/hello/slack.jsonnet": "{blocks: [data.a]}",
    "notifications/templates/other/inbox.hbs": "x",
    "notifications/translations/en.json": "{}",
}
HELLO = "notifications/templates/hello/sms.hbs"


def view_of(tmp_path: Path) -> View:
    root = tmp_path / "project"
    write_files(root, FILES)
    project = api.load(root).project
    return View(project, api.Templates(project), Compiler(project, api.directories(project)))


def names(view: View) -> tuple[list[str], list[str], bool]:
    return [one.name for one in view.triggers], [one.slug for one in view.templates], view.is_whole


def test_samples(tmp_path: Path) -> None:
    view = view_of(tmp_path)
    first, second = view.samples(view.project.triggers["one"])
    assert first.fields is not None
    assert first.fields["data"] == {"a": 1}
    assert [person.recipient for person in first.people] == ["u1", "u2"]
    assert (len(first.payloads), first.more, first.diagnostics) == (1, 0, ())
    assert second.fields is None
    assert [one.rule.code for one in second.diagnostics] == ["NAC301"]
    assert view.samples(view.project.triggers["one"])[0] is first, "compiled once"


def test_texts(tmp_path: Path) -> None:
    view = view_of(tmp_path)
    texts = {(one.variant.channel, *one.path): one for one in view.texts(view.template("hello"))}
    subject = texts["email", "subject"]
    assert subject.usage is not None
    (read,) = subject.usage.reads
    assert isinstance(read, Read)
    assert subject.label(read.span).span == (2, 16, 2, 17)
    broken = next(one for key, one in texts.items() if key[0] == "email" and key[1] != "subject")
    assert broken.usage is None, "not Handlebars: told as NAC310"
    card = next(one for key, one in texts.items() if key[0] == "slack")
    assert card.is_jsonnet
    assert card.usage is None
    assert [one.name for one in view.triggers_of("hello")] == ["one", "two"]
    assert view.template("nothing").variants == ()


def test_narrowing(tmp_path: Path) -> None:
    view = view_of(tmp_path)

    def narrowed(*paths: str) -> View:
        return replace(view, wanted=frozenset(paths))

    everything = (["one", "other", "two"], ["hello", "other"], True)
    assert names(view) == everything
    assert names(narrowed("notifications/one.yaml")) == (["one"], ["hello"], False)
    assert names(narrowed(HELLO)) == (["one", "two"], ["hello"], False)
    assert names(narrowed(HELLO, "notifications/other.yaml")) == (["one", "other", "two"], ["hello", "other"], False)
    assert names(narrowed("notifications/translations/en.json")) == everything
    assert names(narrowed()) == ([], [], False)
    assert narrowed(HELLO).files == (HELLO,)
    assert len(narrowed(HELLO).all_files) == len(FILES)


def test_facts_are_worked_out_once(tmp_path: Path) -> None:
    view = view_of(tmp_path)
    asked: list[View] = []

    def fact(one: View) -> int:
        asked.append(one)
        return len(one.triggers)

    assert view.once(fact) == view.once(fact) == 3
    assert asked == [view]
    assert replace(view, wanted=frozenset()).once(fact) == 0, "a narrowed view has facts of its own"
