"""Copy the files of the browser packages that pages use into the program's static folder.

Only what is listed is copied: the packages also hold sources, samples and addresses of outside hosts. Lines
that name source maps are dropped, because the maps are not copied and a file named in a static file must
exist. See docs/decisions/ for what is used of KRDS and why.

Receipts are printed with the same font, for which it is unpacked to TrueType: a PDF cannot hold WOFF2.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = PROJECT / "node_modules"
TARGET = PROJECT / "src" / "panro" / "ui" / "static" / "vendor"

FILES = {
    "krds-uiux/resources/css/token/krds_tokens.css": "krds/tokens.css",
    "krds-uiux/resources/fonts/PretendardGOV-Regular.subset.woff2": "krds/fonts/PretendardGOV-Regular.woff2",
    "krds-uiux/resources/fonts/PretendardGOV-Medium.subset.woff2": "krds/fonts/PretendardGOV-Medium.woff2",
    "krds-uiux/resources/fonts/PretendardGOV-Bold.subset.woff2": "krds/fonts/PretendardGOV-Bold.woff2",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
}
FOLDERS = {
    "krds-uiux/resources/img/component/icon": "krds/icons",
    "krds-uiux/resources/img/component/favicon": "krds/favicon",
}
PRINTED = ("Regular", "Bold")
WEIGHTS = {"Regular": 400, "Medium": 500, "Bold": 700}
SOURCE_MAP = re.compile(r"^\s*(?://[#@]|/\*[#@])\s*sourceMappingURL=.*$", re.MULTILINE)
OUTSIDE = re.compile(r"url\(\s*['\"]?(?:https?:)?//")


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    for source, target in FILES.items():
        copy(PACKAGES / source, TARGET / target)
    for folder, target in FOLDERS.items():
        for picture in sorted((PACKAGES / folder).iterdir()):
            if picture.suffix in {".svg", ".png"}:
                copy(picture, TARGET / target / picture.name)
    (TARGET / "krds/fonts.css").write_text(font_faces(), encoding="utf-8")
    for weight in PRINTED:
        unpack_font(TARGET / f"krds/fonts/PretendardGOV-{weight}.woff2")


def copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise SystemExit(f"{source} is missing: run 'npm ci', or mend the list in scripts/copy_assets.py")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".css", ".js"}:
        text = SOURCE_MAP.sub("", source.read_text(encoding="utf-8"))
        if OUTSIDE.search(text):
            raise SystemExit(f"{source} loads from an outside host; it must not be copied")
        target.write_text(text, encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def unpack_font(packed: Path) -> Path:
    """Write a WOFF2 font beside itself as TrueType; the time of making is left out, so that it is always the same."""
    font = TTFont(packed, recalcTimestamp=False)
    font.flavor = None
    unpacked = packed.with_suffix(".ttf")
    font.save(unpacked)
    return unpacked


def font_faces() -> str:
    """KRDS names its font without saying where it lies; the package brings the files."""
    return "\n".join(
        "@font-face {\n"
        '  font-family: "Pretendard GOV";\n'
        f'  src: url("fonts/PretendardGOV-{name}.woff2") format("woff2");\n'
        f"  font-weight: {weight};\n"
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        "}\n"
        for name, weight in WEIGHTS.items()
    )


if __name__ == "__main__":
    main()
