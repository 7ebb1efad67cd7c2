"""Lists of names for the tagger's features: {category: names} as JSON.

Divisions, zones, countries and macro-regions come from the gazetteer, full names and short ones apart; words
of names, well-known companies, institutions and natural features from `lists/`.

    python training/build_lexicon.py OUT.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from projner.region import Gazetteer

LISTS = Path(__file__).parent / "lists"
GENERIC = ("省", "市", "县", "区", "旗", "盟", "州", "镇", "乡", "街道", "村", "地区", "苏木", "农场", "林场")


def regions() -> Iterator[tuple[str, str]]:
    """(category, name) for every surface of the gazetteer."""
    for surface, level in Gazetteer.load().surfaces():
        short = level in ("province", "city", "county", "town") and not surface.endswith(GENERIC)
        if level == "town" and short:
            continue  # most are everyday words: 光明, 和平, 团结
        yield (f"{level}_short" if short else level), surface


def lines(path: Path) -> Iterator[str]:
    """Names of a list, blanks or line breaks between them; # begins a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from line.split("#")[0].split()


def build() -> dict[str, list[str]]:
    names: dict[str, set[str]] = {}
    for category, surface in regions():
        names.setdefault(category, set()).add(surface)
    for path in sorted(LISTS.glob("*.txt")):
        names[path.stem] = set(lines(path))
    return {category: sorted(group) for category, group in sorted(names.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    lexicon = build()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
    for category, names in lexicon.items():
        print(f"{category:24}{len(names):8}")


if __name__ == "__main__":
    main()
