"""What a preview is made with: channels, choice, tenants, notes; and that nothing of a page is needed for it."""

from __future__ import annotations

from dataclasses import replace

from render_making import NOW, TenantAs, one, variant

from nac.preview import Scene, names_of, preview
from nac.recipients import Person
from nac.templates.template import Template

SMS = variant("sms", {"type": "basic", "body": "Hi {{name}}"})
INBOX = variant("inbox", {"body": "Hi {{nmae}}"})
HELLO = Template("hello", (INBOX, SMS))
SCENE = Scene({"name": "Ann"}, {"distinct_id": "u9", "name": "Bob"}, NOW)


def test_a_dropped_message_leaves_the_others() -> None:
    sms, inbox = preview(HELLO, Person("u1", "user u1", 0), SCENE, locale="en", tenant=None)
    assert (sms.channel, sms.text, sms.problems) == ("sms", "Hi Ann", ())
    assert (inbox.channel, inbox.text) == ("inbox", None)
    assert [one.help for one in inbox.problems] == ["did you mean `name`?"]
    assert sms.choice is not None
    assert sms.choice.variant is SMS
    assert sms.facts


def test_channels_narrow_it_down() -> None:
    shown = preview(HELLO, Person("u1", "user u1", 0), SCENE, locale="en", tenant=None, channels=("inbox", "email"))
    assert [one.channel for one in shown] == ["inbox"]


def test_a_channel_that_is_not_enabled() -> None:
    template = replace(HELLO, enabled=frozenset({"sms"}))
    _, inbox = preview(template, Person("u1", "user u1", 0), SCENE, locale="en", tenant=None)
    assert (inbox.not_sent, inbox.message, inbox.problems) == ("the template does not enable it", None, ())


def test_no_variant_fits() -> None:
    template = Template("hello", (replace(SMS, id="other", tenant="acme"),))
    [sms] = preview(template, Person("u1", "user u1", 0), SCENE, locale="en", tenant="globex")
    assert sms.message is None
    assert sms.not_sent is not None
    assert "none of its variants fits" in sms.not_sent
    assert sms.choice is not None
    assert sms.choice.steps


def test_the_names_of_a_scene() -> None:
    tenants = {"acme": TenantAs({"brand_name": "Acme", "hosted_preference_url": "https://acme.example"})}
    names = names_of(replace(SCENE, tenants=tenants), {"object_type": "teams", "id": "a/b"}, "acme")
    assert names["$actor"] == {"distinct_id": "u9", "name": "Bob"}
    assert names["$brand"]["brand_name"] == "Acme"
    assert names["$tenant"] == {"id": "acme", **names["$brand"]}
    assert names["$organization"]["brand_name"] is None
    assert names["$batched_events"] == [{"name": "Ann"}]
    assert names["$batched_events_count"] == 1
    assert names["$hosted_preference_url"] == "https://acme.example"
    assert names["$embedded_preference_url"] == "https://preferences.example.com/embedded/acme/a%2Fb"
    assert names_of(SCENE, "u1", None)["$recipient"] == {"distinct_id": "u1"}


def test_hostile_ids_stay_inside_a_url() -> None:
    names = names_of(SCENE, {"distinct_id": "../\ud800?#<" + "x" * 10_000}, "a b/..")
    url = names["$hosted_preference_url"]
    assert url.startswith("https://preferences.example.com/hosted/a%20b%2F../")
    assert len(url) < 1_000


def test_notes() -> None:
    brand = variant("sms", {"type": "basic", "body": "{{$brand.brand_name}}{{$organization.logo}}"})
    undescribed = "nac knows nothing of the tenant `{0}`: describe it in notifications/tenants/{0}.yaml"
    both = one(brand, tenant="acme").notes
    assert both == (undescribed.format("acme"), undescribed.format("default"))
    assert one(brand, tenant="acme", tenants={"acme": TenantAs({}), "default": TenantAs({})}).notes == ()
    assert one(SMS, {"name": 1}, {"distinct_id": "u1"}).notes == ()
    assert one(SMS, {"name": 1}, {}).notes == ()
    known = {"distinct_id": "u1", "plan": "pro"}
    assert one(SMS, {"name": 1}, known).notes[0].startswith("no `$sms` is given here")
    assert one(SMS, {"name": 1}, {**known, "$sms": ["+4930123456"]}).notes == ()


def test_without_an_evaluator() -> None:
    content = {"templating_language": "jsonnet", "body_type": "block", "body_block": "{blocks: []}"}
    [problem] = one(variant("slack", content)).problems
    assert problem.rule.code == "NAC310"
    assert "JSONNET" in problem.message
