"""Check an election's public log, which docs/record.md describes: `verify_log.py URL-OR-FILE`."""

import argparse
import hashlib
import json
from urllib.request import urlopen

WORDS = {"quote", "photo", "post", "headline", "external"}


def sha256(value, salt=""):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("log", help="the address of an election's log.json, or a file")
parser.add_argument("--head", help="a head that you wrote down before")
asked = parser.parse_args()
with urlopen(asked.log) if "://" in asked.log else open(asked.log, "rb") as file:  # noqa: S310
    log = json.load(file)
heads = [None, *(entry.get("head") for entry in log["log"])]
explained, errors = set(), []  # what later entries withdraw or discard: numbers, and heads
for number, entry in reversed([*enumerate(log["log"], 1)]):
    try:
        header, kind, content = entry["header"], entry["header"]["kind"], entry["content"] or {}
        if sha256({**header, "number": number, "previous": heads[number - 1]}) != heads[number]:
            errors.append(f"entry {number} is broken: it, or an entry before it, was changed")
        is_gone = entry["content"] is None and kind in WORDS and header["sequence"] in explained
        if not is_gone and sha256(content, entry["salt"] or "") != header["commitment"]:
            errors.append(f"entry {number} has another content than was published")
        explained |= {header["replaces"], *content.get("erased", content.get("discarded") or [])}
        if header["replaces"] or not header["sequence"] or kind in ("correction", "erasure"):
            contest = (content.get("contests") or [content if kind != "erasure" else {}])[0]
            reason = (contest.get("declaration") or contest).get("reason") or ""
            named = {key: header[key] for key in ("sequence", "replaces", "contest") if header[key]}
            print(header["published_at"], kind, named, content.get("summary", ""), reason)
    except (AttributeError, KeyError, TypeError, ValueError):
        errors.append(f"entry {number} is broken: its header or content is damaged")
if (log["entries"], log["head"]) != (len(heads) - 1, heads[-1]):
    errors.append("the log does not end with the head that it names")
if asked.head not in heads:
    restored = ", but in what a restored backup discarded" if asked.head in explained else ""
    errors.append(f"YOUR HEAD IS NOT IN THIS LOG{restored}")
print(*reversed(errors), f"{len(heads) - 1} entries, the last head is {heads[-1]}", sep="\n")
raise SystemExit("The log is NOT as it was." if errors else 0)
