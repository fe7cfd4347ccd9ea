from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import Network
from symnet.cli import main
from symnet.embed.sync import SyncError, refreshed, sync

TABLE = "<!-- symnet table: 784 -> FC|10 -->"
END = "<!-- /symnet -->"


def test_a_table_between_markers() -> None:
    text = refreshed(f"# Title\n\n{TABLE}\n{END}\n\nMore.\n")
    assert text.startswith(f"# Title\n\n{TABLE}\n\n| ")
    assert text.endswith(f"|\n\n{END}\n\nMore.\n")
    assert "7{,}850" in text or "7,850" in text
    assert refreshed(text) == text


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("symnet parameters: 784 -> FC|10", "7,850"),
        ("symnet: 784 -> FC|10", "10"),
        ("symnet: W//2", r"$\left\lfloor\frac{W}{2}\right\rfloor$"),
        ("symnet formula: 3 <= W", r"$W \ge 3$"),
        ("symnet output: HWC:80x80x4 -> Conv|32|8|4|same", "20 × 20 × 32"),
        ("symnet output at='W=28,H=14': (1*H*W) -> Maxpool|2", "1 × 7 × 14"),
    ],
)
def test_in_a_line(marker: str, expected: str) -> None:
    assert refreshed(f"a <!-- {marker} -->old{END} b") == f"a <!-- {marker} -->{expected}{END} b"


def test_formulas_on_their_own_lines() -> None:
    text = refreshed(f"<!-- symnet formula: (3*W*W) -> Conv|8|3|2 -->\n{END}\n")
    assert "```math\n" in text
    assert refreshed(text) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\r\n\r\n"])
def test_the_rest_stays_byte_for_byte(end: str, mark: str, last: str, tmp_path: Path) -> None:
    head, tail = f"{mark}one\ttwo  {end}\rodd\x0bends {end}{end}", f"{end}  tail \u2028 é{last}"
    path = tmp_path / "a.md"
    path.write_bytes(f"{head}{TABLE}{end}old{end}{END}{tail}".encode())
    assert [file.name for file in sync([str(path)])] == [str(path)]
    written = path.read_bytes().decode()
    assert written.startswith(f"{head}{TABLE}{end}{end}| ")
    assert written.endswith(f"{end}{end}{END}{tail}")
    inside = written[len(head) : -len(tail) or None]
    assert ("\r\n" in inside) == (end == "\r\n")
    assert sync([str(path)]) == []


def test_fences_and_code_are_text() -> None:
    text = f"```md\n{TABLE}\n{END}\n```\n\nWrite `{TABLE}` and ``{END}``.\n\n~~~\n{TABLE}\n~~~\n"
    assert refreshed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"Write\n\n    {TABLE}\n    {END}\n\nand more\n",
        f"Write\n\n\t{TABLE}\n\nonly\n",  # a marker without an end is no error there
        f"    {TABLE}\n\n    {TABLE}\n",
        f"# Title\n    {TABLE}\n",
        f"- item\n\n      {TABLE}\n",
        f"1. item\n\n   ```\n   {TABLE}\n   ```\n",
        f"10. item\n\n    ~~~~\n    ~~~\n    {TABLE}\n    ~~~~\n",
        f"> ```\n> {TABLE}\n> ```\n",
        f">     {TABLE}\n",
        f"!!! note\n\n        {TABLE}\n",
        f"- - a\n\n        {TABLE}\n",
        f"    a ` b\n\n    {TABLE} ` c\n",
        f"{'> ' * 3}    {TABLE}\n",
    ],
    ids=str,
)
def test_code_in_whatever_it_stands_is_text(text: str) -> None:
    assert refreshed(text) == text


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("> Quote\n>\n> {}\n> old\n> {}\n>\n> more\n", "> "),
        ("> > {}\n> > {}\n", "> > "),
        (">{}\n>{}\n", ">"),
        ("- {}\n  {}\n- next\n", "  "),
        ("10. one\n\n    {}\n    old\n\n    {}\n", "    "),
        ("- a\n  - b\n\n    {}\n    {}\n", "    "),
        ("> 1. {}\n>    {}\n", ">    "),
        ("!!! note\n\n    {}\n    {}\n", "    "),
        ("a paragraph\n    {}\n    {}\n", ""),  # deeper is code after an empty line
        ("  {}\n  {}\n", "  "),
        ("- > {}\n  > {}\n", "  > "),
    ],
    ids=str,
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_it_stands_in_goes_on(text: str, before: str, newline: str) -> None:
    written = refreshed(text.format(TABLE, END).replace("\n", newline))
    inside = written[written.index(TABLE) + len(TABLE) : written.index(END)].split(newline)
    assert inside[0] == ""
    assert inside[1] == inside[-2] == before.rstrip()
    assert inside[-1] == before
    assert len(inside) == 9
    assert all(line.startswith(f"{before}|") for line in inside[2:-2])
    assert refreshed(written) == written


def test_a_network_over_several_lines_of_a_quote() -> None:
    text = refreshed(f"> <!-- symnet parameters:\n> 784\n> -> FC|10 -->{END}\n")
    assert text == f"> <!-- symnet parameters:\n> 784\n> -> FC|10 -->7,850{END}\n"


def test_a_lone_backtick_hides_nothing() -> None:
    text = refreshed(f"a ` lone one\n{TABLE}\n{END}\nand ` another\n")
    assert "| --" in text


def test_names_cannot_end_a_block() -> None:
    source = '(1*9*9) -> Conv|8|3|name="a <!-- /symnet --> `b`"'
    text = refreshed(f"<!-- symnet table: {source.replace('-->', '')} -->\n{END}\nrest\n")
    assert refreshed(text) == text
    assert text.endswith(f"{END}\nrest\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"\n\n{TABLE}\n", "a.md, line 3: this marker has no end"),
        (f"\n{END}\n", "a.md, line 2: an end without a beginning"),
        (f"{TABLE}\n{TABLE}\n{END}", "a.md, line 2: a marker inside a marker: the one in line 1 has no end"),
        (f"{TABLE}{END}", "a.md, line 1: a table takes lines of its own"),
        (f"<!-- symnet tabel: x -->\n{END}", "did you mean 'table'?"),
        (f"<!-- symnet table -->\n{END}", "a marker is written <!-- symnet KIND: NETWORK -->"),
        (f"<!-- symnet table: 784 -> FD|1 -->\n{END}", "unknown layer kind"),
        (f"<!-- symnet figure: 784 -> FC|1 -->\n{END}", "a figure stands in a file of its own"),
    ],
)
def test_wrong_markers_are_refused(text: str, message: str) -> None:
    with pytest.raises(SyncError) as caught:
        refreshed(text, "a.md")
    assert message in str(caught.value)


def test_files_are_read_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "n.net").write_text("784 -> FC|10\n", encoding="utf-8")
    (tmp_path / "a.md").write_text(f"<!-- symnet parameters: n.net -->{END}", encoding="utf-8")
    sync([str(tmp_path / "a.md")])
    assert "7,850" in (tmp_path / "a.md").read_text(encoding="utf-8")


def test_the_target_of_a_question_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "n.net").write_text("784 -> FC|10\n", encoding="utf-8")
    (tmp_path / "q.net").write_text("784 -> FC|10\n= (10)\n", encoding="utf-8")
    for source in ("n.net = (10)", "q.net", "784 -> FC|10 = (10)"):
        written = refreshed(f"<!-- symnet parameters: {source} -->{END}", base=tmp_path)
        assert written == f"<!-- symnet parameters: {source} -->7,850{END}"


def test_one_wrong_file_and_none_is_written(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(f"{TABLE}\n{END}\n", encoding="utf-8")
    bad.write_text(f"{TABLE}\n", encoding="utf-8")
    with pytest.raises(SyncError):
        sync([str(good), str(bad)])
    assert good.read_text(encoding="utf-8") == f"{TABLE}\n{END}\n"


def test_links_stay_links_and_modes_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_text(f"{TABLE}\n{END}\n", encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    sync([str(link)])
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert "| --" in path.read_text(encoding="utf-8")


def test_a_fresh_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(refreshed(f"{TABLE}\n{END}\n"), encoding="utf-8")
    os.utime(path, (1, 1))
    assert sync([str(path)]) == []
    assert path.stat().st_mtime == 1


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"a\n{TABLE}\nold\n{END}", encoding="utf-8")
    before = path.read_bytes()
    assert main(["sync", "--check", str(path)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith(f"--- {path} (as it is)\n+++ {path} (fresh)\n@@ ")
    assert "\n-old\n" in shown
    assert path.read_bytes() == before
    assert main(["sync", str(path)]) == 0
    assert main(["sync", "--check", str(path)]) == 0
    path.write_text(TABLE, encoding="utf-8")
    assert main(["sync", str(path)]) == 2
    assert main(["sync", str(tmp_path / "none.md")]) == 2
    (tmp_path / "latin.md").write_bytes(b"\xe9")
    assert main(["sync", str(tmp_path / "latin.md")]) == 2
    assert "is not UTF-8 text (byte 0)" in capsys.readouterr().err


@given(st.text(alphabet=" \n\r`~<>!-/abc#é|$\t", max_size=200))
def test_text_without_markers_is_left(text: str) -> None:
    assert refreshed(text) == text


@given(st.text(alphabet=" \n`~ab|", max_size=40), st.text(alphabet=" \n`~ab|", max_size=40))
def test_twice_is_once(before: str, after: str) -> None:
    try:
        once = refreshed(f"{before}\n\n{TABLE}\n{END}\n{after}")
    except SyncError:
        return
    assert refreshed(once) == once
    assert once.startswith(before)
    assert once.endswith(after)


def test_code_comparisons_and_answers_stand_in_markdown() -> None:
    text = (
        "<!-- symnet code framework=torch: 784 -> FC|10 -->\n<!-- /symnet -->\n\n"
        "<!-- symnet compare: 784 -> FC|10 with 784 -> FC|11 -->\n<!-- /symnet -->\n\n"
        "It is <!-- symnet solve: (3,9,9) -> Conv|8|3|S = (8,4,4) --><!-- /symnet -->.\n"
    )
    written = refreshed(text)
    assert "```python\n# 784 -> FC|10\n" in written
    assert "| parameters | 7,850 | 8,635 | different |" in written
    assert "-->$S = 2$<!--" in written
    assert refreshed(written) == written


def test_figures_are_placed_and_refreshed(tmp_path: Path) -> None:
    file = tmp_path / "net.md"
    block = "<!-- symnet figure file=pictures/net.svg: 784 -> FC|10 -->\n<!-- /symnet -->\n"
    file.write_text(block, encoding="utf-8")
    assert [stale.name for stale in sync([str(file)], check=True)] == [str(tmp_path / "pictures/net.svg"), str(file)]
    assert not (tmp_path / "pictures").exists()
    sync([str(file)])
    assert "![The network](pictures/net.svg)" in file.read_text(encoding="utf-8")
    assert (tmp_path / "pictures/net.svg").read_text(encoding="utf-8") == Network.parse("784 -> FC|10").figure().svg
    assert sync([str(file)]) == []
    file.write_text(file.read_text(encoding="utf-8").replace("FC|10", "FC|11"), encoding="utf-8")
    assert [stale.name for stale in sync([str(file)])] == [str(tmp_path / "pictures/net.svg")]


@pytest.mark.parametrize(
    "name", ["../net.svg", "/net.svg", "a/../../net.svg", "net.png", "a b.svg", "x](y).svg", ".net.svg"]
)
def test_figures_stay_below_the_folder(name: str, tmp_path: Path) -> None:
    file = tmp_path / "net.md"
    file.write_text(f"<!-- symnet figure file='{name}': 784 -> FC|10 -->\n<!-- /symnet -->\n", encoding="utf-8")
    with pytest.raises(SyncError, match="beside this file or in a folder below"):
        sync([str(file)])


def test_two_figures_do_not_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "net.md"
    blocks = [f"<!-- symnet figure file=net.svg: 784 -> FC|{size} -->\n<!-- /symnet -->\n" for size in (10, 11)]
    file.write_text("\n".join(blocks), encoding="utf-8")
    with pytest.raises(SyncError, match="another figure is written to"):
        sync([str(file)])
