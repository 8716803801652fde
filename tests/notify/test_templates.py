"""Templates: complete in both languages, strict about their values, deaf to what a value tries."""

from pathlib import Path

import pytest

from notify.world import EVENT, RECEIVED
from panro.notify.catalogue import (
    ADVERTISING_MARK,
    Kind,
    TemplateError,
    UnknownTemplateError,
    read,
    template,
    templates,
)
from panro.notify.rendering import TemplateVariablesError, as_html, render
from panro.notify.telephone import byte_length, form_of

LANGUAGES = ["ko", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(templates()))
def test_every_template_is_complete_in_every_language_and_fits_a_telephone(code: str, language: str) -> None:
    made = template(code)
    texts = render(made, language, {name: f"〈{name}〉" for name in made.variables})
    whole = f"{texts.subject}\n{texts.text}\n{texts.phone}"
    assert {name for name in made.variables if f"〈{name}〉" in whole} == set(made.variables)
    assert "{" not in whole
    assert byte_length(texts.title) <= 40
    form_of(texts.phone)


def test_the_two_languages_differ() -> None:
    same = [
        code
        for code, made in templates().items()
        if {made.ko.text == made.en.text, made.ko.phone == made.en.phone} != {False}
    ]
    assert same == []


def test_a_code_nobody_wrote_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownTemplateError, match="no_such"):
        template("no_such")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"receipt": None}, "no value for receipt"),
        ({"extra": "x", "more": "y"}, "no place for extra, more"),
        ({"receipt": 1.5}, "receipt must be text or a whole number"),
        ({"receipt": True}, "receipt must be text or a whole number"),
        ({"receipt": "가" * 2001}, "receipt has 2001 characters"),
    ],
)
def test_values_are_exactly_those_the_template_takes(change: dict[str, object], said: str) -> None:
    values = {name: value for name, value in (RECEIVED | change).items() if value is not None}
    with pytest.raises(TemplateVariablesError, match=said):
        render(template("application_received"), "ko", values)


def test_a_value_cannot_add_a_header_hide_text_or_be_filled_in_again() -> None:
    hostile = "김\r\nBcc: all@example.com\x00\x07\u202e {receipt} #{접수번호} =HYPERLINK(1)"
    texts = render(template("application_received"), "ko", RECEIVED | {"programme": hostile})
    assert texts.subject == (
        "김 Bcc: all@example.com {receipt} #{접수번호} =HYPERLINK(1) 신청이 접수되었습니다 (접수번호 3-1-000123)"
    )
    assert "\r" not in texts.text
    assert not {"\x00", "\x07", "\u202e"} & set(texts.text + texts.phone)
    assert texts.text.count("3-1-000123") == 1


def test_a_long_subject_is_shortened_with_a_mark() -> None:
    texts = render(template("application_received"), "ko", RECEIVED | {"programme": "가" * 500})
    assert len(texts.subject) == 200
    assert texts.subject.endswith("가…")


def test_html_escapes_everything_and_links_addresses() -> None:
    assert as_html('<b onclick="x">\n& \n\nhttps://a.kr/?x=1&y="2') == (
        "<p>&lt;b onclick=&quot;x&quot;&gt;<br>&amp; </p>"
        '<p><a href="https://a.kr/?x=1&amp;y=">https://a.kr/?x=1&amp;y=</a>&quot;2</p>'
    )


def test_advertising_begins_with_the_mark_and_says_where_to_refuse() -> None:
    texts = render(template("sales_event"), "ko", EVENT)
    assert [text.startswith(ADVERTISING_MARK) for text in (texts.subject, texts.title, texts.phone)] == [True] * 3
    assert [EVENT["refuse"] in text for text in (texts.text, texts.phone)] == [True, True]


def test_alimtalk_gets_the_names_its_template_was_approved_with_and_only_in_korean() -> None:
    made = template("result_announced")
    values = {"programme": "🎉", "receipt": "1", "outcome": "선정", "next": "협약", "link": "https://a.kr"}
    assert render(made, "ko", values).alimtalk == {
        "template": made.alimtalk.id,
        "variables": {
            "#{사업명}": "□",
            "#{접수번호}": "1",
            "#{결과}": "선정",
            "#{안내}": "협약",
            "#{주소}": "https://a.kr",
        },
    }
    assert render(made, "en", values).alimtalk == {}


GOOD = """
code = "x"
kind = "notice"
channels = ["inbox"]
variables = ["a"]
[ko]
subject = "가 {a}"
text = "나 {a}"
title = "다"
phone = "라 {a}"
[en]
subject = "a {a}"
text = "b {a}"
title = "c"
phone = "d {a}"
"""


def write(folder: Path, text: str, name: str = "x.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_template_is_read_as_written(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    made = read(tmp_path)["x"]
    assert (made.kind, made.ko.subject, made.en.phone, made.variables) == (Kind.NOTICE, "가 {a}", "d {a}", {"a"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('variables = ["a"]', 'variables = ["a", "b"]', r"\['b'\] are not used"),
        ('variables = ["a"]', "variables = []", r"places \['a'\] are not in variables"),
        ('text = "나 {a}"', 'text = "나"', None),
        ('subject = "가 {a}"', 'subject = "가 {A}"', "a brace that is no"),
        ('title = "다"', 'title = "{a}"', "title: has no places"),
        ('title = "다"', f'title = "{"가" * 17}"', "title: 41 bytes"),
        ('title = "다"', 'title = "🎉"', "no telephone shows 🎉"),
        ('kind = "notice"', 'kind = "advertising"', "where to refuse"),
        ('kind = "notice"', 'kind = "spam"', "kind"),
        ('kind = "notice"', 'kind = "notice"\nsurprise = 1', "surprise"),
        ('channels = ["inbox"]', "channels = []", "channels"),
        ("[en]", "[fr]", "en: Field required"),
        ('code = "x"', 'code = "X"', "code"),
        ('code = "x"', 'code = "x', "x.toml"),
    ],
)
def test_a_template_that_is_wrong_says_where(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    if said is None:
        read(tmp_path)
        return
    with pytest.raises(TemplateError, match=said):
        read(tmp_path)


def test_a_title_of_sixteen_syllables_fits_with_the_mark(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('title = "다"', f'title = "{"가" * 16}"'))
    assert read(tmp_path)["x"].ko.title == "가" * 16


def test_alimtalk_must_name_the_places_of_the_korean_text(tmp_path: Path) -> None:
    write(tmp_path, GOOD + '[alimtalk]\nid = "T"\nvariables = { "#{이름}" = "b" }\n')
    with pytest.raises(TemplateError, match="exactly the places"):
        read(tmp_path)


def test_a_code_twice_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "y.toml")
    with pytest.raises(TemplateError, match=r"y\.toml: the code 'x' is there already"):
        read(tmp_path)
