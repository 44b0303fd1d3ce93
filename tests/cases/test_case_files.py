"""Case files say what they seem to say."""

from pathlib import Path

import pytest

from cases import read_case


def case(tmp_path: Path, text: str):
    path = tmp_path / "one.case"
    path.write_text(text, "utf-8")
    return read_case(path)


@pytest.mark.parametrize(
    ("options", "body", "bytes_"),
    [
        ("", "a\nb\n", b"a\nb\n"),
        (" (inline)", "a\nb\n", b"a\nb"),
        (" (inline, repeat 3)", "ab\n", b"ababab"),
        (" (repeat 2)", "ab\n", b"ab\nab\n"),
        (" (steps 3)", "a:\n", b"a:\n a:\n  a:\n"),
        (" (hex)", "00 ff\n0a\n", b"\x00\xff\n"),
        (" (base64)", "AP8K\n", b"\x00\xff\n"),
        (" (latin-1)", "é\n", b"\xe9\n"),
        (" (bom)", "a\n", b"\xef\xbb\xbfa\n"),
        (" (crlf)", "a\nb\n", b"a\r\nb\r\n"),
        (" (cr)", "a\n", b"a\r"),
    ],
)
def test_options(options: str, body: str, bytes_: bytes, tmp_path: Path) -> None:
    one = case(tmp_path, f"# A sentence.\n=== a.yaml{options}\n{body}=== findings\n")
    assert one.files == {"a.yaml": bytes_}


def test_sections_of_a_path_are_put_together(tmp_path: Path) -> None:
    one = case(tmp_path, "# A sentence.\n=== a (inline)\nx\n=== b\ny\n=== a (hex)\n00\n=== findings\nfound\n")
    assert one.title == "A sentence."
    assert one.files == {"a": b"x\x00", "b": b"y\n"}
    assert one.findings == "found\n"


def test_folders_links_and_secrets(tmp_path: Path) -> None:
    one = case(tmp_path, "# A.\n=== a.yaml (directory)\n=== b (link ../c)\n=== never shown\nx\ny\n=== findings\n")
    assert (one.files, one.links, one.never) == ({"a.yaml/": b""}, {"b": "../c"}, ("x", "y"))
    root = tmp_path / "project"
    root.mkdir()
    one.write(root)
    assert (root / "a.yaml").is_dir()
    assert (root / "b").is_symlink()


def test_update_keeps_the_project(tmp_path: Path) -> None:
    one = case(tmp_path, "# A.\n=== a\nx\n=== findings\nold\n")
    one.update("new\n")
    assert one.path.read_text("utf-8") == "# A.\n=== a\nx\n=== findings\nnew\n"


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sentence"):
        case(tmp_path, "=== a\n")
    with pytest.raises(ValueError, match="no option"):
        case(tmp_path, "# A.\n=== a (hx)\n00\n=== findings\n")
