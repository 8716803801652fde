"""What a file is, by its content: every kind, every disguise, and archives that are traps."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from files.made import AVIF, EICAR, HEIC_BY_COMPATIBLE_BRAND, KINDS, PDF, compound, docx, packed, xlsx
from panro.files import content
from panro.files.content import HEAD, Kind, examine, possible
from panro.files.ole import Compound, NotCompoundError
from panro.files.refusals import FileRefusedError, Refusal

DAMAGED = [compound(), compound(body=b"x" * 5000), xlsx(), docx()]


def found(body: bytes, name: str = "x") -> Kind | Refusal:
    try:
        return examine(io.BytesIO(body), len(body), name)
    except FileRefusedError as refused:
        return refused.refusal


@pytest.mark.parametrize("case", KINDS)
def test_every_kind_is_known_by_its_content(case: str) -> None:
    name, body, kind = KINDS[case]
    assert kind in possible(body[:HEAD], name)
    assert found(body, name) is kind


@pytest.mark.parametrize("case", KINDS)
def test_a_name_makes_nothing_of_it(case: str) -> None:
    _, body, kind = KINDS[case]
    assert found(body, "x.exe") is (Kind.TEXT if kind is Kind.CSV else kind)


def test_a_photo_may_name_its_kind_among_the_compatible_ones() -> None:
    assert found(HEIC_BY_COMPATIBLE_BRAND) is Kind.HEIC


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"MZ\x90\x00" + bytes(100), Refusal.WRONG_TYPE),
        (b"\x7fELF" + bytes(100), Refusal.WRONG_TYPE),
        (b"\x00", Refusal.WRONG_TYPE),
        (b"text\x00with a zero", Refusal.WRONG_TYPE),
        (b"\xff\xfe\x00a", Refusal.WRONG_TYPE),
        (b"GIF89a" + bytes(20), Refusal.WRONG_TYPE),
        (AVIF, Refusal.WRONG_TYPE),
        (b" %PDF-1.7" + bytes(3), Refusal.WRONG_TYPE),
        (b"\x89PNG\r\n\x1a\n" + bytes(8), Refusal.WRONG_TYPE),
        (PDF.replace(b"%%EOF", b""), Refusal.DAMAGED),
        (compound()[:600], Refusal.DAMAGED),
        (compound("WordDocument"), Refusal.WRONG_TYPE),
        (compound(body=b"not the signature".ljust(300)), Refusal.WRONG_TYPE),
        (compound("EncryptedPackage", bytes(5000)), Refusal.WRONG_TYPE),
        (compound(flags=2), Refusal.ENCRYPTED),
        (xlsx()[:-30], Refusal.DAMAGED),
        (packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}), Refusal.MACROS),
        (packed({"../../x": b"a"}), Refusal.UNSAFE_NAMES),
        (packed({"/etc/x": b"a"}), Refusal.UNSAFE_NAMES),
        (packed({"C:/x": b"a"}), Refusal.UNSAFE_NAMES),
        (packed({"a\\..\\x": b"a"}), Refusal.UNSAFE_NAMES),
    ],
)
def test_what_is_no_accepted_kind_is_refused_with_its_reason(body: bytes, refusal: Refusal) -> None:
    assert found(body) is refusal


def test_text_in_two_code_pages_is_read_across_chunks() -> None:
    assert found(("가" * 800_000).encode()) is Kind.TEXT
    assert found(b"a" + ("가" * 800_000).encode("cp949")) is Kind.TEXT
    assert found(("가" * 800_000).encode() + b"\xff") is Refusal.WRONG_TYPE


def test_a_syllable_cut_by_the_first_look_is_no_fault_but_one_cut_by_the_end_is() -> None:
    body = b"a" + "가".encode() * 2000
    assert possible(body[:HEAD], "x") == {Kind.TEXT}
    assert possible("가".encode()[:1], "x") == frozenset()


def test_an_empty_beginning_is_nothing() -> None:
    assert possible(b"", "x.txt") == frozenset()


def test_the_test_virus_is_plain_text_to_this_table() -> None:
    assert found(EICAR) is Kind.TEXT


@pytest.mark.parametrize("flags", [0, 1, 4])
def test_other_flags_of_a_hangul_document_do_not_lock_it(flags: int) -> None:
    assert found(compound(flags=flags)) is Kind.HWP


def test_a_stream_of_the_large_kind_is_read_too() -> None:
    body = b"HWP Document File".ljust(36, b"\0") + bytes(5000)
    made = compound(body=body)
    assert Compound(io.BytesIO(made), len(made)).stream("FileHeader") == body
    assert found(made) is Kind.HWP


def test_a_chain_that_bites_its_tail_ends() -> None:
    made = bytearray(compound(body=b"x" * 5000))
    struct.pack_into("<I", made, 512 + 4 * 5, 3)  # the third sector of the stream leads back to its first
    with pytest.raises(NotCompoundError, match="does not end"):
        Compound(io.BytesIO(made), len(made)).stream("FileHeader")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_makes_the_parsers_do_anything_but_refuse(data: st.DataObject) -> None:
    made = bytearray(DAMAGED[data.draw(st.integers(0, len(DAMAGED) - 1))])
    for _ in range(data.draw(st.integers(1, 8))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(found(bytes(made)), Kind | Refusal)


def locked() -> bytes:
    """A small archive whose entry says that it is locked, in both of its headers."""
    made = bytearray(packed({"a.txt": b"a"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + offset] |= 1
    return bytes(made)


def test_a_locked_archive_is_refused() -> None:
    assert found(locked()) is Refusal.ENCRYPTED


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "UNPACKED", 1_000)
    assert found(packed({"a": bytes(500), "b": bytes(500)})) is Kind.ZIP
    assert found(packed({"a": bytes(500), "b": bytes(501)})) is Refusal.BOMB


def test_a_bomb_of_real_size_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as zeros:
        for _ in range(30):
            zeros.write(bytes(1024 * 1024))
    assert found(made.getvalue()) is Refusal.BOMB


def test_the_number_of_entries_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "ENTRIES", 3)
    assert found(packed({str(number): b"" for number in range(3)})) is Kind.ZIP
    assert found(packed({str(number): b"" for number in range(4)})) is Refusal.BOMB


def test_an_archive_that_lies_about_sizes_yields_no_more_than_it_said() -> None:
    made = bytearray(packed({"a": bytes(2_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", made, made.index(mark) + offset, 10)
    assert found(bytes(made)) is Refusal.DAMAGED


def test_a_wrong_sum_is_damage() -> None:
    made = bytearray(packed({"a": b"hello"}, stored=("a",)))
    made[made.index(b"hello")] ^= 1
    assert found(bytes(made)) is Refusal.DAMAGED
