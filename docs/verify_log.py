#!/usr/bin/env python3
"""Check an election's public log, which docs/record.md describes: `verify_log.py URL-OR-FILE`."""

import argparse
import hashlib
import json
import sys
import urllib.request

NOTABLE = {"correction", "withdrawal", "erasure", "restored", "epoch", "earlier"}
WORDS = {"quote", "photo", "post", "headline", "external"}
KEYS = {"number", "previous", "kind", "sequence", "replaces", "contest", "published_at"}


def sha256(value: object, salt: bytes = b"") -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + text.encode()).hexdigest()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("log", help="the address of an election's log.json, or a file")
parser.add_argument("--head", help="a head that you wrote down before")
asked = parser.parse_args()
is_url = asked.log.startswith(("http://", "https://"))
with urllib.request.urlopen(asked.log) if is_url else open(asked.log, "rb") as file:  # noqa: S310
    log = json.load(file)
heads, discarded, explained, gone, errors = dict[str, int](), set[str](), set[int](), {}, []
previous = None
for number, entry in enumerate(log["log"], 1):
    header, content = entry["header"], entry["content"] or {}
    salt = entry["salt"] or ""
    is_whole = isinstance(header, dict) and header.keys() >= KEYS and isinstance(content, dict)
    if not (is_whole and set(salt) <= set("0123456789abcdef") and len(salt) % 2 == 0):
        errors.append(f"entry {number} is broken: its header or content is damaged")
        continue
    if (header["number"], header["previous"], sha256(header)) != (number, previous, entry["head"]):
        errors.append(f"entry {number} is broken: it, or an entry before it, was changed")
    if entry["content"] is None and header["kind"] in WORDS:
        gone[header["sequence"]] = number  # and of results, content is never removed
    elif sha256(content, bytes.fromhex(salt)) != header.get("commitment"):
        errors.append(f"entry {number} has another content than was published")
    previous = entry["head"]
    heads[previous] = number
    discarded.update(content.get("discarded") or ())
    explained.update(content.get("erased", [header["replaces"]] if header["kind"] in WORDS else []))
    if header["kind"] in NOTABLE or header["replaces"]:
        named = {key: header[key] for key in ("sequence", "replaces", "contest") if header[key]}
        results = [contest["declaration"] or {} for contest in content.get("contests", ())][:1]
        why = [content.get("summary"), *(said.get("reason") for said in [content, *results])]
        print(header["published_at"], header["kind"], named, *filter(None, why))
for sequence in gone.keys() - explained:
    errors.append(f"entry {gone[sequence]} has lost its content, and no other entry says why")
if (log["entries"], log["head"]) != (len(heads), previous):
    errors.append("the log does not end with the head that it names")
if asked.head and asked.head not in heads:
    restored = "YOUR HEAD IS NOT IN THIS LOG, but in what a restored backup discarded"
    errors.append(restored if asked.head in discarded else "YOUR HEAD IS NOT IN THIS LOG")
print(*errors, f"{len(heads)} entries, the last head is {previous}", sep="\n")
sys.exit("The log is NOT as it was." if errors else 0)
