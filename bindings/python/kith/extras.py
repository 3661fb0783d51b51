"""What verbs take beside their things, for annotations: SubscribeExtras, RecordExtras ..., which extras.pyi describes. At run
time each is dict, as every TypedDict is."""
import re
from pathlib import Path
from typing import Any


def __getattr__(name: str) -> Any:
    stub = Path(__file__).with_suffix(".pyi")
    if name.endswith("Extras") and name in re.findall(r"^class (\w+)\(", stub.read_text(encoding="utf-8"), re.M):
        return dict
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
