"""An independent check of a round's dossier, from `docs/selection-spec.md` alone.

Standard library only, Python 3.11 or later; nothing of the rest of Panro is imported. One module for each part of
the specification:

- section 1: `numbers`, `hashes`, `tables` · section 2: `files` · section 3: `rounds` · section 4: `pool`, `opened`
- section 5: `stages` · section 6: `assignment` · section 7: `scores` · section 8: `draw`, `selection`, `offers`
- section 9: `proof` · section 10: `addendum` · all together: `basis`, `apart`, `check` · words: `report`, `summary`
"""

from .check import verify
from .report import Difference, Report
from .summary import summary

__all__ = ["Difference", "Report", "summary", "verify"]
