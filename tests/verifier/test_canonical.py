"""JSON and CSV that are not written as they must be are refused (sections 1 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verifier.made_files import with_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.verifier import Difference, Report
    from verifier.made_files import Files

    Check = Callable[..., Report]
    Differ = Callable[..., Difference]


JSON_ATTACKS = {
    "a space": lambda t: t.replace(b":", b": ", 1),
    "a second line feed": lambda t: t + b"\n",
    "no line feed": lambda t: t[:-1],
    "a carriage return": lambda t: t[:-1] + b"\r\n",
    "a byte order mark": lambda t: b"\xef\xbb\xbf" + t,
    "UTF-16": lambda t: t.decode().encode("utf-16"),
    "invalid UTF-8": lambda t: t.replace(b'"', b'"\xff', 1),
    "a surrogate in UTF-8": lambda t: t.replace(b'"', b'"\xed\xa0\x80', 1),
    "a lone surrogate": lambda t: b'{"!":"\\ud800",' + t[1:],
    "an escape not needed": lambda t: b'{"!":"\\u0041",' + t[1:],
    "an escaped slash": lambda t: b'{"!":"\\/",' + t[1:],
    "NFD": lambda t: b'{"!":"e\xcc\x81",' + t[1:],
    "a key twice": lambda t: b'{"!":1,"!":1,' + t[1:],
    "keys out of order": lambda t: b'{"~":1,' + t[1:],
    "a key beyond ASCII": lambda t: t[:-2] + ',"가":1}\n'.encode(),
    "NaN": lambda t: b'{"!":NaN,' + t[1:],
    "infinity": lambda t: b'{"!":-Infinity,' + t[1:],
    "a fraction": lambda t: b'{"!":1.5,' + t[1:],
    "a fraction that is whole": lambda t: b'{"!":1.0,' + t[1:],
    "an exponent": lambda t: b'{"!":1e3,' + t[1:],
    "minus zero": lambda t: b'{"!":-0,' + t[1:],
    "a leading zero": lambda t: b'{"!":01,' + t[1:],
    "a plus": lambda t: b'{"!":+1,' + t[1:],
    "an underscore": lambda t: b'{"!":1_0,' + t[1:],
    "2^53": lambda t: b'{"!":9007199254740992,' + t[1:],
    "very many digits": lambda t: b'{"!":' + b"9" * 10_000 + b"," + t[1:],
    "deep nesting": lambda t: b'{"!":' + b"[" * 100_000 + b"]" * 100_000 + b"," + t[1:],
    "nesting without an end": lambda _: b"[" * 200_000 + b"\n",
    "nothing": lambda _: b"",
    "only a line feed": lambda _: b"\n",
    "null": lambda _: b"null\n",
    "an array": lambda _: b"[]\n",
    "a string": lambda _: b'"x"\n',
}


@pytest.mark.parametrize("attack", JSON_ATTACKS)
@pytest.mark.parametrize("name", ["rules.json", "draw.json", "panels.json", "proof.json"])
def test_json_that_is_not_canonical_is_refused(difference: Differ, tiny_files: Files, name: str, attack: str) -> None:
    changed = JSON_ATTACKS[attack](tiny_files[name])
    assert difference(with_manifest({**tiny_files, name: changed})).file == name


@pytest.mark.parametrize("attack", sorted(set(JSON_ATTACKS) - {"null", "an array", "a string"}))
def test_programme_is_only_checked_to_be_canonical(difference: Differ, tiny_files: Files, attack: str) -> None:
    files = with_manifest({**tiny_files, "programme.json": JSON_ATTACKS[attack](tiny_files["programme.json"])})
    assert difference(files).file == "programme.json"


@pytest.mark.parametrize("attack", sorted(set(JSON_ATTACKS) - {"nothing", "UTF-16"}))
def test_a_manifest_that_is_not_canonical_is_refused(difference: Differ, tiny_files: Files, attack: str) -> None:
    changed = JSON_ATTACKS[attack](tiny_files["manifest.json"])
    assert difference({**tiny_files, "manifest.json": changed}).file == "manifest.json"


CSV_ATTACKS = {
    "a carriage return": lambda t: t.replace(b"\n", b"\r\n"),
    "a lone carriage return": lambda t: t.replace(b",", b",\r", 5),
    "a byte order mark": lambda t: b"\xef\xbb\xbf" + t,
    "NUL": lambda t: t[:-1] + b"\0\n",
    "a tab": lambda t: t[:-1] + b"\t\n",
    "U+0085": lambda t: t[:-1] + b"\xc2\x85\n",
    "invalid UTF-8": lambda t: t[:-1] + b"\xff\n",
    "an overlong NUL": lambda t: t[:-1] + b"\xc0\x80\n",
    "no line feed at the end": lambda t: t[:-1],
    "an empty line": lambda t: t + b"\n",
    "another column": lambda t: t.replace(b"\n", b",x\n"),
    "a column less": lambda t: b"\n".join(line.rpartition(b",")[0] for line in t.split(b"\n")),
    "columns in another order": lambda t: b",".join(t.split(b"\n")[0].split(b",")[::-1]) + t[t.index(b"\n") :],
    "no header": lambda t: t.split(b"\n", 1)[1],
    "quotes not needed": lambda t: t.replace(b"\n", b'\n"', 1).replace(b",", b'",', t.split(b"\n")[0].count(b",") + 1),
    "a quote in the middle": lambda t: t[:-1] + b'"\n',
    "an open quote": lambda t: t[:-1] + b',"\n',
    "a line feed in quotes": lambda t: t[:-1] + b'"\n"\n',
    "a row more": lambda t: t + t.split(b"\n")[1] + b"\n",
    "no rows": lambda t: t.split(b"\n")[0] + b"\n",
    "nothing": lambda _: b"",
    "decomposed text": lambda t: t[:-1] + b"e\xcc\x81\n",
    "full-width digits": lambda t: t.replace(b"\n1,", "\n１,".encode()).replace(b"\ns,", "\nｓ,".encode()),
    "a leading zero": lambda t: t.replace(b"\n1,", b"\n01,").replace(b"\ns,", b"\ns,0").replace(b"\n0,", b"\n00,"),
    "a plus": lambda t: t.replace(b"\n1,", b"\n+1,").replace(b"\ns,", b"\ns,+").replace(b"\n0,", b"\n+0,"),
    "very many digits": lambda t: t.replace(b"\n1,", b"\n" + b"1" * 9000 + b",").replace(
        b"\ns,", b"\ns," + b"1" * 9000
    ),
}
CSV_FILES = (
    "pool.csv", "cases.csv", "scores.csv", "stages.csv", "results.csv", "offers.csv", "auditor/receipts.csv",
    "auditor/facts.csv", "auditor/panels.csv", "auditor/assignment.csv", "auditor/scores.csv",
)  # fmt: skip


@pytest.mark.parametrize("attack", CSV_ATTACKS)
@pytest.mark.parametrize("name", CSV_FILES)
def test_csv_that_is_not_canonical_is_refused(difference: Differ, tiny_files: Files, name: str, attack: str) -> None:
    changed = CSV_ATTACKS[attack](tiny_files[name])
    if changed != tiny_files[name]:
        point = difference(with_manifest({**tiny_files, name: changed}))
        if attack != "no rows":  # then another file has rows too many
            assert point.file == name


@pytest.mark.parametrize("sign", ["\\n", "\\t", "\\u0000", "\\u001f", "\x7f", "\x80", "\x9f", "\\\\\\n", '\\"\\r'])
def test_a_control_character_in_a_text_of_json_is_refused(difference: Differ, tiny_files: Files, sign: str) -> None:
    files = with_manifest({**tiny_files, "programme.json": f'{{"a":"x{sign}"}}\n'.encode()})
    assert difference(files).expected == "no control characters in texts"


@pytest.mark.parametrize("sign", ['\\"', "\\\\", "\\\\n", "\\\\u0000", "\xa0", "~", "·", "\u2028"])
def test_what_is_no_control_character_is_not_refused(check: Check, tiny_files: Files, sign: str) -> None:
    files = {**tiny_files, "programme.json": f'{{"a":"x{sign}"}}\n'.encode()}
    point = check(with_manifest(files)).difference
    assert point is not None
    assert (point.file, point.place) == ("proof.json", "entries[2].entry.root")
