"""A letter as HWPX (KS X 6101, OWPML) in the layout of an official document (공문).

The layout is that of form 1 of 행정업무의 운영 및 혁신에 관한 규정 시행규칙: agency, recipient, title, a body numbered
1. and 가., the closing word, the sender, then who drafted and approved it, number and day. The package is the smallest
one that word processors open: its type first and stored, one section, one header with exactly the styles used.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from panro.selection.after.told import official_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from panro.selection.after.told import Document

MIMETYPE: Final = "application/hwp+zip"
END: Final = "끝."
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold; the same letter gives the same bytes
FACE: Final = "함초롬바탕"
LANGUAGES: Final = ("hangul", "latin", "hanja", "japanese", "other", "symbol", "user")
POINT: Final = 100  # a hundredth of a point is the unit of everything
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_HANCOM: Final = "http://www.hancom.co.kr/hwpml/2011"
_SPACES: Final = " ".join(
    f'xmlns:{prefix}="{_HANCOM}/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hc", "core"), ("hh", "head"), ("ha", "app"))
)
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Letters(NamedTuple):
    """How characters look: height in points, and whether they are bold."""

    height: int
    bold: bool = False


class _Shape(NamedTuple):
    """How a paragraph stands: alignment, indents in points (``hang`` pulls the first line out), space above, a rule."""

    align: str = "JUSTIFY"
    left: int = 0
    hang: int = 0
    above: int = 0
    border: int = 1


class Paragraph(NamedTuple):
    """A paragraph: its text, the look of its characters, its shape."""

    text: str
    letters: str = "body"
    shape: str = "plain"


LETTERS: Final = {
    "body": _Letters(11),
    "agency": _Letters(22, bold=True),
    "title": _Letters(12, bold=True),
    "sender": _Letters(20, bold=True),
    "small": _Letters(9),
}
SHAPES: Final = {
    "plain": _Shape(),
    "agency": _Shape("CENTER", above=6),
    "first": _Shape(left=16, hang=16, above=5),
    "second": _Shape(left=34, hang=16, above=3),
    "sender": _Shape("CENTER", above=40),
    "ruled": _Shape(above=4, border=2),
    "foot": _Shape(above=2),
}
"""Names of looks and shapes; their numbers in the file are their places here."""
_LETTER_IDS: Final = {name: number for number, name in enumerate(LETTERS)}
_SHAPE_IDS: Final = {name: number for number, name in enumerate(SHAPES)}


def letter_hwpx(letter: Document) -> bytes:
    """Write a letter as a package, in Korean; the same letter gives the same bytes."""
    paragraphs = paragraphs_of(letter)
    preview = "\r\n".join(one.text for one in paragraphs)
    files = (
        ("version.xml", _version()),
        ("settings.xml", _settings()),
        ("META-INF/container.xml", _container()),
        ("META-INF/manifest.xml", _manifest()),
        ("Contents/content.hpf", _package(letter)),
        ("Contents/header.xml", _header()),
        ("Contents/section0.xml", _section(paragraphs)),
        ("Preview/PrvText.txt", preview),
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", EARLIEST), MIMETYPE, zipfile.ZIP_STORED)
        for name, text in files:
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), text.encode(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def paragraphs_of(letter: Document) -> list[Paragraph]:
    """Give the letter's paragraphs in Korean, from the agency's name to the day."""
    body = [
        Paragraph(f"{one.mark} {one.text.ko}", shape="first" if one.level == 1 else "second") for one in letter.body
    ]
    last = body.pop()
    drill = [Paragraph("※ 모의 운영으로 만든 통지서입니다. 효력이 없습니다.", "title")] if letter.simulated else []
    people = f"담당  {letter.drafter or letter.office.ko}      결재  {letter.approver or '-'}"
    return [
        *drill,
        Paragraph(letter.agency.ko, "agency", "agency"),
        Paragraph(""),
        Paragraph(f"수신  {letter.recipient} 귀하"),
        Paragraph("(경유)"),
        Paragraph(f"제목  {letter.title.ko}", "title", "ruled"),
        *body,
        Paragraph(f"{last.text}  {END}", last.letters, last.shape),
        Paragraph(letter.sender.ko, "sender", "sender"),
        Paragraph("", shape="ruled"),
        Paragraph(people, "small", "foot"),
        Paragraph(f"시행  {letter.number} ({official_day(letter.day)})", "small", "foot"),
        Paragraph("공개구분  비공개", "small", "foot"),
    ]


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


def _section(paragraphs: Iterable[Paragraph]) -> str:
    parts = []
    for number, one in enumerate(paragraphs):
        letters, shape = _LETTER_IDS[one.letters], _SHAPE_IDS[one.shape]
        page = f'<hp:run charPrIDRef="{letters}">{_page()}</hp:run>' if not number else ""
        parts.append(
            f'<hp:p id="{number}" paraPrIDRef="{shape}" styleIDRef="0" pageBreak="0" columnBreak="0" merged="0">'
            f'{page}<hp:run charPrIDRef="{letters}"><hp:t>{_text(one.text)}</hp:t></hp:run></hp:p>'
        )
    return f"{_DECLARATION}<hs:sec {_SPACES}>{''.join(parts)}</hs:sec>"


def _page() -> str:
    """A4 upright with the margins of official documents: 30 mm above, 15 mm below, 20 mm at the sides."""
    note = (
        '<hp:autoNumFormat type="DIGIT" userChar="" prefixChar="" suffixChar=")" supscript="0"/>'
        '<hp:noteLine length="-1" type="SOLID" width="0.12 mm" color="#000000"/>'
        '<hp:noteSpacing betweenNotes="283" belowLine="567" aboveLine="850"/>'
        '<hp:numbering type="CONTINUOUS" newNum="1"/>'
    )
    borders = "".join(
        f'<hp:pageBorderFill type="{kind}" borderFillIDRef="1" textBorder="PAPER" headerInside="0" footerInside="0" '
        'fillArea="PAPER"><hp:offset left="1417" right="1417" top="1417" bottom="1417"/></hp:pageBorderFill>'
        for kind in ("BOTH", "EVEN", "ODD")
    )
    return (
        '<hp:secPr id="" textDirection="HORIZONTAL" spaceColumns="1134" tabStop="8000" outlineShapeIDRef="1" '
        'memoShapeIDRef="0" textVerticalWidthHead="0" masterPageCnt="0">'
        '<hp:grid lineGrid="0" charGrid="0" wonggojiFormat="0"/>'
        '<hp:startNum pageStartsOn="BOTH" page="0" pic="0" tbl="0" equation="0"/>'
        '<hp:visibility hideFirstHeader="0" hideFirstFooter="0" hideFirstMasterPage="0" border="SHOW_ALL" '
        'fill="SHOW_ALL" hideFirstPageNum="0" hideFirstEmptyLine="0" showLineNumber="0"/>'
        '<hp:pagePr landscape="WIDELY" width="59528" height="84186" gutterType="LEFT_ONLY">'
        '<hp:margin header="0" footer="0" gutter="0" left="5669" right="5669" top="8504" bottom="4252"/></hp:pagePr>'
        f'<hp:footNotePr>{note}<hp:placement place="EACH_COLUMN" beneathText="0"/></hp:footNotePr>'
        f'<hp:endNotePr>{note}<hp:placement place="END_OF_DOCUMENT" beneathText="0"/></hp:endNotePr>'
        f"{borders}</hp:secPr>"
        '<hp:ctrl><hp:colPr id="" type="NEWSPAPER" layout="LEFT" colCount="1" sameSz="1" sameGap="0"/></hp:ctrl>'
    )


def _header() -> str:
    fonts = "".join(
        f'<hh:fontface lang="{language.upper()}" fontCnt="1">'
        f'<hh:font id="0" face="{FACE}" type="TTF" isEmbedded="0"/></hh:fontface>'
        for language in LANGUAGES
    )
    borders = _border(1, "NONE") + _border(2, "SOLID")
    letters = "".join(_letters(number, one) for number, one in enumerate(LETTERS.values()))
    shapes = "".join(_shape(number, one) for number, one in enumerate(SHAPES.values()))
    heads = "".join(
        f'<hh:paraHead start="1" level="{level}" align="LEFT" useInstWidth="1" autoIndent="1" widthAdjust="0" '
        f'textOffsetType="PERCENT" textOffset="50" numFormat="{form}" charPrIDRef="4294967295" '
        f'checkable="0">^{level}.</hh:paraHead>'
        for level, form in ((1, "DIGIT"), (2, "HANGUL_SYLLABLE"))
    )
    return (
        f'{_DECLARATION}<hh:head {_SPACES} version="1.4" secCnt="1">'
        '<hh:beginNum page="1" footnote="1" endnote="1" pic="1" tbl="1" equation="1"/><hh:refList>'
        f'<hh:fontfaces itemCnt="{len(LANGUAGES)}">{fonts}</hh:fontfaces>'
        f'<hh:borderFills itemCnt="2">{borders}</hh:borderFills>'
        f'<hh:charProperties itemCnt="{len(LETTERS)}">{letters}</hh:charProperties>'
        '<hh:tabProperties itemCnt="1"><hh:tabPr id="0" autoTabLeft="0" autoTabRight="0"/></hh:tabProperties>'
        f'<hh:numberings itemCnt="1"><hh:numbering id="1" start="0">{heads}</hh:numbering></hh:numberings>'
        f'<hh:paraProperties itemCnt="{len(SHAPES)}">{shapes}</hh:paraProperties>'
        '<hh:styles itemCnt="1"><hh:style id="0" type="PARA" name="바탕글" engName="Normal" paraPrIDRef="0" '
        'charPrIDRef="0" nextStyleIDRef="0" langID="1042" lockForm="0"/></hh:styles></hh:refList>'
        '<hh:compatibleDocument targetProgram="HWP201X"><hh:layoutCompatibility/></hh:compatibleDocument>'
        '<hh:docOption><hh:linkinfo path="" pageInherit="0" footnoteInherit="0"/></hh:docOption></hh:head>'
    )


def _border(number: int, below: str) -> str:
    sides = "".join(
        f'<hh:{side}Border type="{below if side == "bottom" else "NONE"}" width="0.4 mm" color="#000000"/>'
        for side in ("left", "right", "top", "bottom")
    )
    return (
        f'<hh:borderFill id="{number}" threeD="0" shadow="0" centerLine="NONE" breakCellSeparateLine="0">'
        '<hh:slash type="NONE" Crooked="0" isCounter="0"/><hh:backSlash type="NONE" Crooked="0" isCounter="0"/>'
        f'{sides}<hh:diagonal type="SOLID" width="0.1 mm" color="#000000"/></hh:borderFill>'
    )


def _letters(number: int, one: _Letters) -> str:
    def every(tag: str, value: int) -> str:
        return f"<hh:{tag} {' '.join(f'{language}="{value}"' for language in LANGUAGES)}/>"

    return (
        f'<hh:charPr id="{number}" height="{one.height * POINT}" textColor="#000000" shadeColor="none" '
        'useFontSpace="0" useKerning="0" symMark="NONE" borderFillIDRef="1">'
        f"{every('fontRef', 0)}{every('ratio', 100)}{every('spacing', 0)}{every('relSz', 100)}{every('offset', 0)}"
        f"{'<hh:bold/>' if one.bold else ''}"
        '<hh:underline type="NONE" shape="SOLID" color="#000000"/><hh:strikeout shape="NONE" color="#000000"/>'
        '<hh:outline type="NONE"/><hh:shadow type="NONE" color="#C0C0C0" offsetX="10" offsetY="10"/></hh:charPr>'
    )


def _shape(number: int, one: _Shape) -> str:
    margins = (("intent", -one.hang), ("left", one.left), ("right", 0), ("prev", one.above), ("next", 0))
    written = "".join(f'<hc:{name} value="{value * POINT}" unit="HWPUNIT"/>' for name, value in margins)
    return (
        f'<hh:paraPr id="{number}" tabPrIDRef="0" condense="0" fontLineHeight="0" snapToGrid="1" '
        'suppressLineNumbers="0" checked="0">'
        f'<hh:align horizontal="{one.align}" vertical="BASELINE"/><hh:heading type="NONE" idRef="0" level="0"/>'
        '<hh:breakSetting breakLatinWord="KEEP_WORD" breakNonLatinWord="KEEP_WORD" widowOrphan="0" keepWithNext="0" '
        'keepLines="0" pageBreakBefore="0" lineWrap="BREAK"/><hh:autoSpacing eAsianEng="0" eAsianNum="0"/>'
        f'<hh:margin>{written}</hh:margin><hh:lineSpacing type="PERCENT" value="160" unit="HWPUNIT"/>'
        f'<hh:border borderFillIDRef="{one.border}" offsetLeft="0" offsetRight="0" offsetTop="0" offsetBottom="300" '
        'connect="0" ignoreMargin="0"/></hh:paraPr>'
    )


def _package(letter: Document) -> str:
    items = (("header", "Contents/header.xml"), ("section0", "Contents/section0.xml"), ("settings", "settings.xml"))
    manifest = "".join(f'<opf:item id="{name}" href="{path}" media-type="application/xml"/>' for name, path in items)
    metas = "".join(
        f'<opf:meta name="{name}" content="text">{_text(value)}</opf:meta>'
        for name, value in (("creator", letter.agency.ko), ("subject", letter.number), ("date", letter.day.isoformat()))
    )
    return (
        f'{_DECLARATION}<opf:package {_SPACES} xmlns:opf="http://www.idpf.org/2007/opf/" version="" '
        'unique-identifier="" id=""><opf:metadata>'
        f"<opf:title>{_text(letter.title.ko)}</opf:title><opf:language>ko</opf:language>{metas}</opf:metadata>"
        f"<opf:manifest>{manifest}</opf:manifest>"
        '<opf:spine><opf:itemref idref="header" linear="yes"/><opf:itemref idref="section0" linear="yes"/></opf:spine>'
        "</opf:package>"
    )


def _container() -> str:
    files = (
        ("Contents/content.hpf", "application/hwpml-package+xml"),
        ("Preview/PrvText.txt", "text/plain"),
    )
    roots = "".join(f"<ocf:rootfile full-path={quoteattr(path)} media-type={quoteattr(kind)}/>" for path, kind in files)
    return (
        f'{_DECLARATION}<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container">'
        f"<ocf:rootfiles>{roots}</ocf:rootfiles></ocf:container>"
    )


def _manifest() -> str:
    return f'{_DECLARATION}<odf:manifest xmlns:odf="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def _version() -> str:
    return (
        f'{_DECLARATION}<hv:HCFVersion xmlns:hv="{_HANCOM}/version" tagetApplication="WORDPROCESSOR" '
        'major="5" minor="1" micro="0" buildNumber="1" os="1" xmlVersion="1.4" application="Panro" appVersion="1"/>'
    )


def _settings() -> str:
    return (
        f'{_DECLARATION}<ha:HWPApplicationSetting xmlns:ha="{_HANCOM}/app">'
        '<ha:CaretPosition listIDRef="0" paraIDRef="0" pos="0"/></ha:HWPApplicationSetting>'
    )
