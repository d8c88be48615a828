"""Import this before timm or transformers: see Scripts/fixtures/policy_reference/__init__.py."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "fixtures"))
import policy_reference  # noqa: E402, F401
