"""Make the two files of the serif that readers' pages are set in; see typeface.md.

    python docs/make_typeface.py FOLDER static/fonts

FOLDER holds source-serif-4-latin-400-normal.woff2, its 700, and both of latin-ext. A desk never
runs this: what it makes is in the repository.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ASCII = "".join(map(chr, range(0x20, 0x7F)))
#: Welsh, Irish and Gaelic, and what French and German share with them.
VOWELS = "àáâäèéêëìíîïòóôöùúûüŵŷẁẃẅỳýÿ"
#: Other European letters of names; of the capitals, those that names begin with.
LETTERS = "ãåæçðñõøœþśšžčćłńęążźđğşșțăőűňřěůāēīūėįßıÇØÅÆÐÑÕÃŚŠŽČĆŁŻŹĐŞȘİŘĀ"
MARKS = "–—‘’“”…"
CHARACTERS = ASCII + VOWELS + VOWELS.upper() + LETTERS + MARKS + "\u00a0£€·½−"
#: Pairs of these are kerned: pairs of the rest would be as heavy as their outlines.
KERNED = ASCII + VOWELS + MARKS

WEIGHTS = {"400": "regular", "700": "bold"}


def merged(folder: Path, weight: str, scratch: Path) -> Path:
    """One font of the Latin files of a weight, as a file."""
    parts = []
    for script in ("latin", "latin-ext"):
        font = TTFont(folder / f"source-serif-4-{script}-{weight}-normal.woff2")
        font.flavor = None
        parts.append(scratch / f"{script}-{weight}.ttf")
        font.save(parts[-1])
    whole = scratch / f"{weight}.ttf"
    merge.Merger().merge([str(part) for part in parts]).save(whole)
    return whole


def kern_only(font: TTFont, characters: str) -> None:
    """Leave pairs out that have a glyph of other characters."""
    cmap = font.getBestCmap()
    kept = {cmap[ord(character)] for character in characters}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            pairs = getattr(table, "ExtSubTable", table)
            if type(pairs).__name__ == "PairPos":
                (_kern_pairs if pairs.Format == 1 else _kern_classes)(pairs, kept)


def _kern_pairs(pairs: object, kept: set[str]) -> None:
    both = zip(pairs.Coverage.glyphs, pairs.PairSet, strict=True)
    sets = {glyph: pair_set for glyph, pair_set in both if glyph in kept}
    pairs.Coverage.glyphs, pairs.PairSet = list(sets), list(sets.values())
    pairs.PairSetCount = len(sets)
    for pair_set in pairs.PairSet:
        records = [record for record in pair_set.PairValueRecord if record.SecondGlyph in kept]
        pair_set.PairValueRecord, pair_set.PairValueCount = records, len(records)


def _kern_classes(pairs: object, kept: set[str]) -> None:
    pairs.Coverage.glyphs = [glyph for glyph in pairs.Coverage.glyphs if glyph in kept]
    for classes in (pairs.ClassDef1, pairs.ClassDef2):
        classes.classDefs = {g: number for g, number in classes.classDefs.items() if g in kept}


def make(folder: Path, target: Path) -> None:
    options = subset.Options(
        flavor="woff2", layout_features=["kern", "liga"], hinting=False, name_IDs=[0, 13, 14]
    )
    options.drop_tables += ["DSIG", "meta", "BASE", "gasp", "GDEF"]
    with TemporaryDirectory() as scratch:
        for weight, name in WEIGHTS.items():
            font = subset.load_font(str(merged(folder, weight, Path(scratch))), options)
            kern_only(font, KERNED)
            subsetter = subset.Subsetter(options)
            subsetter.populate(text=CHARACTERS)
            subsetter.subset(font)
            subset.save_font(font, str(target / f"desk-serif-{name}.woff2"), options)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
