"""SMS segments: what every text must satisfy, and the figures of the standard."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.messages import Sms
from nac.preview.facts import Segments, facts, segments
from nac.preview.facts.segments import ALPHABET, EXTENSION, TWINS

# Unicode's mapping of GSM 03.38 (GSM0338.TXT), code by code; 0x09 is the capital letter of 3GPP's table.
DEFAULT_CODES = (
    "0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5 "
    "0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E ESC  00C6 00E6 00DF 00C9 "
    "0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F "
    "0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F "
    "00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F "
    "0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7 "
    "00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F "
    "0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0"
).split()
EXTENSION_CODES = "000C 005E 007B 007D 005C 005B 007E 005D 007C 20AC".split()


def test_the_alphabet_is_the_standards() -> None:
    assert len(DEFAULT_CODES) == 128
    assert [f"{ord(one):04X}" for one in ALPHABET] == [code for code in DEFAULT_CODES if code != "ESC"]
    assert sorted(f"{ord(one):04X}" for one in EXTENSION) == sorted(EXTENSION_CODES)


def test_twins_are_in_the_alphabet_and_what_they_replace_is_not() -> None:
    for character, twin in TWINS.items():
        assert character not in ALPHABET + EXTENSION
        assert set(twin) <= set(ALPHABET)


@pytest.mark.parametrize(
    ("text", "encoding", "lengths", "units"),
    [
        ("", "GSM-7", [0], 0),
        ("a" * 160, "GSM-7", [160], 160),
        ("a" * 161, "GSM-7", [153, 8], 161),
        ("a" * 306, "GSM-7", [153, 153], 306),
        ("a" * 307, "GSM-7", [153, 153, 1], 307),
        ("€" * 80, "GSM-7", [80], 160),
        ("€" * 81, "GSM-7", [76, 5], 162),
        ("a" * 152 + "€" + "a" * 10, "GSM-7", [152, 11], 164),
        ("a" * 151 + "€" + "a" * 10, "GSM-7", [152, 10], 163),
        ("я" * 70, "UCS-2", [70], 70),
        ("я" * 71, "UCS-2", [67, 4], 71),
        ("😀" * 35, "UCS-2", [35], 70),
        ("😀" * 36, "UCS-2", [33, 3], 72),
        ("я" * 66 + "😀" + "я" * 10, "UCS-2", [66, 11], 78),
        ("€" * 70 + "я", "UCS-2", [67, 4], 71),
        ("[]{}~\\^|\f", "GSM-7", [9], 18),
        ("\t", "UCS-2", [1], 1),
        ("`", "UCS-2", [1], 1),
        ("ç", "UCS-2", [1], 1),
        ("Ç", "GSM-7", [1], 1),
        ("\x1b", "UCS-2", [1], 1),
    ],
)
def test_figures(text: str, encoding: str, lengths: list[int], units: int) -> None:
    found = segments(text)
    assert (found.encoding, [len(part) for part in found.parts], found.units) == (encoding, lengths, units)


TEXTS = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=ALPHABET + EXTENSION, max_size=500),
    st.text(alphabet="a€😀я’\n", max_size=400),
    st.text(alphabet="a€[", min_size=140, max_size=480),
    st.text(alphabet="я😀", min_size=60, max_size=250),
    st.lists(st.sampled_from(["\ud83d", "\ude00", "😀", "a"]), max_size=100).map("".join),
)


def units_of(text: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return sum(2 if one in EXTENSION else 1 for one in text)
    return sum(2 if ord(one) > 0xFFFF else 1 for one in text)


@settings(max_examples=500, deadline=None)
@given(text=TEXTS)
def test_parts(text: str) -> None:
    found = segments(text)
    assert found.encoding == ("GSM-7" if set(text) <= set(ALPHABET + EXTENSION) else "UCS-2")
    assert "".join(found.parts) == text
    assert found.units == units_of(text, found.encoding)
    single, joined = (160, 153) if found.encoding == "GSM-7" else (70, 67)
    assert (len(found.parts) == 1) == (found.units <= single)
    assert found.per_part == (single if len(found.parts) == 1 else joined)
    assert all(units_of(part, found.encoding) <= found.per_part for part in found.parts)
    for part, following in zip(found.parts, found.parts[1:], strict=False):
        assert units_of(part + following[0], found.encoding) > found.per_part
    forced = [one.character for one in found.forced_by]
    assert forced == list(dict.fromkeys(one for one in text if one not in ALPHABET + EXTENSION))
    assert all(text.index(one.character) == one.offset and one.name for one in found.forced_by)


def test_what_forced_ucs_2() -> None:
    found: Segments = segments("It’s “5\u00a0pm” 😀\t’")
    assert [(one.character, one.name, one.offset, one.twin) for one in found.forced_by] == [
        ("’", "RIGHT SINGLE QUOTATION MARK", 2, "'"),
        ("“", "LEFT DOUBLE QUOTATION MARK", 5, '"'),
        ("\u00a0", "NO-BREAK SPACE", 7, " "),
        ("”", "RIGHT DOUBLE QUOTATION MARK", 10, '"'),
        ("😀", "GRINNING FACE", 12, None),
        ("\t", "U+0009", 13, " "),
    ]


def encoding(text: str) -> tuple[bool, str | None]:
    found = {one.name: one for one in facts(Sms(text), {})}
    return found["encoding"].warning, found["encoding"].note


def test_the_note_names_characters_and_what_to_write() -> None:
    assert encoding("a" * 80 + "’\u00a0\u200b") == (
        True,
        (
            "UCS-2 because of “’” (RIGHT SINGLE QUOTATION MARK) at 81, write '; NO-BREAK SPACE at 82, write a space; "
            "ZERO WIDTH SPACE at 83, leave it out. Without: 1 instead of 2 segments."
        ),
    )
    assert encoding("plain") == (False, None)
    # It costs nothing, or it is how the language is written.
    assert encoding("It’s") == (False, "UCS-2 because of “’” (RIGHT SINGLE QUOTATION MARK) at 3, write '.")
    assert encoding("привет " * 20)[0] is False
    note = encoding("абвгдежзиклмн")[1]
    assert note is not None
    assert note.endswith("(CYRILLIC SMALL LETTER DE) at 5; and 8 more.")


def test_many_segments_and_dlt_headers() -> None:
    found = {one.name: one for one in facts(Sms("a" * 1600, "dlt", "ACMEINC", "transactional"), {})}
    assert (found["segments"].value, found["segments"].warning) == (11, True)
    assert (found["length"].value, found["length"].limit) == (1600, 11 * 153)
    assert (found["sender_length"].value, found["sender_length"].limit, found["sender_length"].warning) == (7, 6, True)
    assert [one.name for one in facts(Sms("a"), {})] == ["segments", "encoding", "length"]
