"""Names of files: no path, nothing invisible, and a header nobody can add to."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.files.models import NAME_LENGTH
from panro.files.names import clean, disposition


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("확인서.pdf", "확인서.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\확인서.pdf", "확인서.pdf"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("보고\u202efdp.exe", "보고fdp.exe"),
        ("a\x00.pdf", "a .pdf"),
        ("  이름   둘 .pdf ", "이름 둘 .pdf"),
        ('a"b<c>d|e?f*.pdf', "a_b_c_d_e_f_.pdf"),
        ("\u1112\u1161\u11ab.hwp", "한.hwp"),
        ("=HYPERLINK(1).csv", "=HYPERLINK(1).csv"),
        ("가" * 200 + ".hwpx", "가" * 145 + ".hwpx"),
        ("가" * 150, "가" * 150),
        ("가" * 151, "가" * 150),
    ],
)
def test_a_name_is_made_safe_and_kept_recognisable(given: str, kept: str) -> None:
    assert clean(given) == kept


@given(st.text(max_size=400))
def test_no_name_leads_anywhere_and_cleaning_twice_changes_nothing(name: str) -> None:
    made = clean(name)
    assert 1 <= len(made) <= NAME_LENGTH
    assert not set(made) & set('/\\\0\r\n<>:"|?*')
    assert made not in {".", ".."}
    assert clean(made) == made


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        (
            "확인서 1.pdf",
            "attachment; filename=\"1.pdf\"; filename*=UTF-8''%ED%99%95%EC%9D%B8%EC%84%9C%201.pdf",
        ),
        ("가.hwp", "attachment; filename=\"file.hwp\"; filename*=UTF-8''%EA%B0%80.hwp"),
    ],
)
def test_the_header_names_it_in_both_ways(name: str, header: str) -> None:
    assert disposition(name) == header


@given(st.text(max_size=200))
def test_the_header_is_ascii_of_one_line_and_gives_the_name_back(name: str) -> None:
    made = clean(name)
    found = re.fullmatch(r"attachment; filename=\"([0-9A-Za-z._-]+)\"; filename\*=UTF-8''([!-~]+)", disposition(made))
    assert found
    assert unquote(found[2]) == made
