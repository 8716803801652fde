"""Build `verify.pyz`: the verifier as one file that plain Python 3.11 or later runs.

`python scripts/build_verify_pyz.py [TARGET]` writes TARGET (`dist/verify.pyz` if not given). The same source gives the
same bytes. Then: `python verify.pyz DOSSIER [--head HASH]`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import zipapp
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("panro", "verifier")
NAMESPACE = '"""Holds the verifier; the rest of Panro is not needed."""\n'
ZIP_EPOCH = 315_619_200  # 1980-01-02, safely within what a zip entry can say in every time zone


def build(target: Path) -> None:
    """Write the archive to `target`, replacing it at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        package = tree / PACKAGE
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text(NAMESPACE, encoding="utf-8")
        for source in sorted((ROOT / "src" / PACKAGE).glob("*.py")):
            shutil.copyfile(source, package / source.name)
        (tree / "__main__.py").write_text("from panro.verifier.__main__ import run\n\nrun()\n", encoding="utf-8")
        for path in sorted(tree.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (ZIP_EPOCH, ZIP_EPOCH))
        archive = Path(scratch, "verify.pyz")
        zipapp.create_archive(tree, archive, interpreter="/usr/bin/env python3", compressed=True)
        shutil.copyfile(archive, target.with_suffix(".new"))
    target.with_suffix(".new").replace(target)
    target.chmod(0o755)


def main() -> None:
    parser = argparse.ArgumentParser(description="Build verify.pyz.")
    parser.add_argument("target", nargs="?", type=Path, default=ROOT / "dist" / "verify.pyz")
    target = parser.parse_args().target
    build(target)
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
