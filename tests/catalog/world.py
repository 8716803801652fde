"""The people and things of the tests.

Mina runs a side-dish shop with Jiho as her clerk; Duri runs a pottery; Sora is a stranger to both.
"""

import io
import struct
import zlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import openpyxl
from PIL import Image

from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.catalog import actions, importing
from panro.catalog.models import Disclosure, Product, ProductImport
from panro.files import actions as files
from panro.files import examination
from panro.files.models import StoredFile
from panro.files.scanner import Scan, Verdict
from panro.korea import disclosures
from panro.korea.numbers import make_business_number
from panro.parties.models import Business, Membership, Party

NOW = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
TODAY = date(2021, 4, 9)
GTIN = "8801234567893"
_NUMBERS = iter(range(1_000, 999_999))
KIMCHI = {
    "name": "묵은지 1kg",
    "category": "kimchi_side_dish",
    "description": "전남 해남 배추로 담가 1년 익혔습니다.",
    "list_price": 20_000,
    "sale_price": 18_000,
    "supply_price": 12_000,
    "origin": "KR",
    "made_by": "self",
    "maker": "미나반찬",
    "maker_size": "small",
}


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def person(name: str, party: Party | None = None, role: str = "owner") -> User:
    user = User.objects.create_user(f"{name}@example.kr", name=name)
    if party is not None:
        Membership.objects.create(user=user, party=party, role=role, since=NOW)
    return user


def shop(name: str) -> Party:
    party = Party.objects.create(kind="business", name=name, created=NOW)
    Business.objects.create(
        party=party,
        business_number=make_business_number(f"{next(_NUMBERS):09d}"),
        form="sole",
        representative="김미나",
        opened_on=date(2018, 3, 2),
        region="11",
        address="서울특별시 마포구 월드컵북로 1",
        phone="023001234",
    )
    return party


def opened(party: Party, by: User, name: str = "묵은지 1kg", category: str = "kimchi_side_dish") -> Product:
    return actions.open_product(party.pk, identity=new_id(), name=name, category=category, by=by, now=NOW, today=TODAY)


def save(product: Product, by: User, *, revision: int | None = None, **values: object) -> Product:
    """Save values as a page does; items of the notice as ``disclosure_<key>``."""
    named = {key.replace("disclosure_", "disclosure."): value for key, value in values.items()}
    stands = Product.objects.get(pk=product.pk).revision if revision is None else revision
    return actions.save_product(product.pk, named, revision=stands, by=by, now=later(minutes=1), today=TODAY).product


def disclosed(category: str = "GENERAL_FOOD", on: date = TODAY) -> dict[str, str]:
    """Something in every required item."""
    return {f"disclosure.{item.key}": "있음" for item in disclosures.schema(category, on).items if item.required}


def complete(party: Party, by: User, **changes: object) -> Product:
    """A product to which nothing is missing."""
    product = opened(party, by)
    values = KIMCHI | disclosed() | changes
    actions.save_product(product.pk, values, revision=1, by=by, now=NOW, today=TODAY)
    actions.add_images(product.pk, [a_file(by).pk], by=by, now=NOW, today=TODAY)
    return again(product)


def again(product: Product) -> Product:
    return Product.objects.select_related("disclosure").get(pk=product.pk)


def said(product: Product) -> dict[str, str]:
    return Disclosure.objects.get(product=product).values


class Says:
    """A scanner with one answer."""

    def __init__(self, verdict: Verdict = Verdict.CLEAN) -> None:
        self.scanned = Scan(verdict, "")

    def scan(self, stream: object) -> Scan:
        del stream
        return self.scanned


def a_file(owner: User, purpose: str = "product_image", *, state: str = "pending") -> StoredFile:
    """A file whose bytes are of no matter."""
    identity = new_id()
    return StoredFile.objects.create(
        id=identity,
        owner=owner,
        purpose=purpose,
        name="김치.jpg",
        size=10,
        sha256="a" * 64,
        type="image/jpeg",
        state=state,
        examined=NOW if state == "clean" else None,
        key=f"files/{identity}",
        created=NOW,
    )


def uploaded(owner: User, body: bytes, name: str, purpose: str) -> StoredFile:
    return files.store(owner=owner.pk, purpose_code=purpose, name=name, stream=io.BytesIO(body), now=NOW)


def examined(file: StoredFile, verdict: Verdict = Verdict.CLEAN) -> StoredFile:
    examination.examine(file.pk, scanner=Says(verdict), clock=lambda: NOW)
    file.refresh_from_db()
    return file


def photograph(owner: User, body: bytes | None = None, name: str = "김치.jpg") -> StoredFile:
    return examined(uploaded(owner, body or jpeg(), name, "product_image"))


def jpeg(width: int = 1_600, height: int = 900, **options: object) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(made, "JPEG", **options)
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises any number of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000))) + chunk(b"IEND", b"")


def workbook(*rows: list[object], sheet: str = "상품", others: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = others[0] if others else sheet
    table = book.create_sheet(sheet) if others else book.active
    for row in rows:
        table.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def handed_in(party: Party, by: User, body: bytes, name: str = "상품.xlsx") -> ProductImport:
    """An import whose file was examined and read."""
    file = examined(uploaded(by, body, name, "product_import"))
    one = actions.start_import(party.pk, file.pk, by=by, now=NOW)
    importing.read(one.pk, clock=lambda: NOW)
    one.refresh_from_db()
    return one


def confirmed(one: ProductImport, by: User) -> ProductImport:
    actions.confirm_import(one.pk, by=by, now=NOW)
    importing.take(one.pk, clock=lambda: later(minutes=5))
    one.refresh_from_db()
    return one


def faults_of(one: ProductImport) -> dict[int, list[tuple[str, str]]]:
    """Per line that is not stored: field and word of each fault."""
    rows = one.rows.exclude(faults=[]).order_by("line")
    return {row.line: [(fault["field"], fault["code"]) for fault in row.faults] for row in rows}


def ids(*rows: object) -> list[UUID]:
    return [row.pk for row in rows]
