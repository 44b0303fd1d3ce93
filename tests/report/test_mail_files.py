"""Mail files, read back with Python's own parser and compared."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

from hypothesis import example, given
from hypothesis import strategies as st
from previews_made import EMAIL, NOW, every_channel, preview_of, shown_as

from nac.messages import Email, Sms
from nac.report.previews.eml import header, mail_files, message_bytes

JAPANESE = "株式会社ノースウィンド カスタマーサポート Zoë"
TEXTS = st.text(alphabet=st.characters() | st.sampled_from(' \r\n:<>@,;"()\\=?_é漢😀\u202e\u0130'), max_size=120)


def read(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def body(part: object) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n").removesuffix("\n")


def test_every_part_of_an_email_is_there_and_the_blind_copy_is_not() -> None:
    content = message_bytes(EMAIL, NOW)
    mail = read(content)
    assert mail["Subject"] == "Your invoice"
    assert mail["From"] == "Northwind <billing@example.com>"
    assert mail["To"] == "ana@example.com, more@example.com"
    assert mail["Cc"] == "cc@example.com"
    assert mail["Reply-To"] == "help@example.com"
    assert mail["Date"].datetime == NOW
    assert b"bcc@example.com" not in content
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), body(text)) == ("text/plain", EMAIL.plain_text)
    assert (html.get_content_type(), body(html)) == ("text/html", EMAIL.html)
    assert not mail.defects
    assert all(line.endswith(b"\r\n") for line in content.splitlines(keepends=True))


def test_a_plain_email_has_one_part_and_an_unknown_sender_is_nobody() -> None:
    mail = read(message_bytes(Email(None, None, "Hi"), NOW))
    assert mail.get_content_type() == "text/plain"
    assert mail["From"] == "sender@unknown.invalid"
    assert mail["To"] is None
    assert body(mail) == "Hi"


def test_the_time_keeps_its_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert read(message_bytes(EMAIL, there))["Date"] == "Sun, 01 Mar 2026 15:00:00 +0530"


def test_long_names_of_other_scripts_come_back_whole() -> None:
    mail = replace(EMAIL, subject=JAPANESE * 3, from_name=JAPANESE, from_address="a@bücher.example")
    content = message_bytes(mail, NOW)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n\r\n")[0].split(b"\r\n"))) < 79
    assert read(content)["Subject"] == JAPANESE * 3
    written = message_from_bytes(content)["From"]
    assert str(make_header(decode_header(written))) == f"{JAPANESE} <a@xn--bcher-kva.example>"


def test_an_address_of_another_script_is_kept() -> None:
    content = message_bytes(replace(EMAIL, to=("josé@example.com",), from_name="Zoë"), NOW)
    assert "To: josé@example.com" in content.decode()


def test_no_header_can_be_added() -> None:
    evil = "Hi\r\nBcc: spy@example.com\r\n\r\n<script>"
    mail = replace(EMAIL, subject=evil, from_name=evil, from_address=evil, to=(evil,), cc=(evil,), reply_to=evil)
    found = read(message_bytes(mail, NOW))
    assert found["Bcc"] is None
    assert found["Subject"] == "Hi Bcc: spy@example.com <script>"
    assert len(list(found.iter_parts())) == 2


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("0000 00000¡¡¡¡¡¡¡¡𐀀𐀀𐀀𐀀 ¡", "", "", "")
def test_whatever_stands_in_it_it_is_one_mail(subject: str, name: str, address: str, text: str) -> None:
    mail = replace(EMAIL, subject=subject, from_name=name, from_address=address, cc=(address,), reply_to=address,
                   plain_text=text, html=text)  # fmt: skip
    content = message_bytes(mail, NOW)
    assert content == message_bytes(mail, NOW)
    found = read(content)
    assert set(found) <= {
        "Subject", "From", "To", "Cc", "Reply-To", "Date", "Message-ID", "MIME-Version", "Content-Type"
    }  # fmt: skip
    assert len(found.keys()) == len(set(found.keys()))
    if content.split(b"\r\n\r\n")[0].isascii():
        assert found["Subject"] == header(subject)
    assert len(found["From"].addresses) == 1
    sent = re.sub("\r\n|\r", "\n", re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\x00", "")).removesuffix("\n")
    assert [body(part) for part in found.iter_parts()] == [sent, sent]


def test_names_of_files_are_safe_stable_and_of_one_case_each() -> None:
    files = mail_files(
        [
            shown_as(preview_of(EMAIL), preview_of(EMAIL, locale="es", tenant="acme"), preview_of(Sms("no mail"))),
            shown_as(preview_of(EMAIL), name="teams/invoice", event="two comments", who="../../etc/passwd"),
            shown_as(preview_of(EMAIL), who="U1"),
            shown_as(preview_of(EMAIL), name="con", event=".", who="漢字" * 100),
        ]
    )
    assert list(files)[:2] == ["invoice.one.u1.en.eml", "invoice.one.u1.es.acme.eml"]
    for name in files:
        assert re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.eml", name)
        assert len(name) < 200
    assert list(files)[2].startswith("teams-invoice.two-comments.etc-passwd-")
    assert not list(files)[4].startswith("con.")
    assert len({name.casefold() for name in files}) == len(files) == 5
    assert mail_files([every_channel()]).keys() == {"invoice.one.u1.en.eml"}
