"""Every message of lib has Danish, or stands in tests/meta/english.txt.

danish.py PROJECT [--write]

Messages are written in English where they arise; what is printed in Danish is found by the patterns problem.* of
data/catalogue/labels.csv ({1} stands for any words; lib/report/problems.c). This test takes every text of lib of more
than one word, puts a token for each %s, and asks for Danish in the same way. Texts that only programs meet (NULL,
specs, saved tallies) need none. english.txt lists what else stays English: a text that is not in the list needs a
pattern, and one that is in it without need is a fault, so that the list only gets shorter. --write writes it anew.
"""
import csv
import re
import sys
from pathlib import Path

LIST = Path("tests") / "meta" / "english.txt"
OTHERS = {"schema_data.c"}  # texts in two languages
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|\w+|\s+|.', re.S)
FORMAT = re.compile(r"%(?:%|[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?[a-zA-Z])")
PROGRAMS = re.compile(r"\bNULL\b|struct_size|INIT macro|FM_[A-Z]|\bfm_|must be given|[Ss]aved|a tally |tallies of|"
                      r"is sealed")
DEEPEST, LONGEST = 3, 319  # as in lib/report/problems.c


def literals(text):
    """Texts of a C source, neighbours joined."""
    text = re.sub(r"^[ \t]*#[ \t]*include[^\n]*", "", text, flags=re.M)
    joined = None
    for token in (m[0] for m in TOKEN.finditer(text)):
        if token[0] == '"':
            joined = (joined or "") + token[1:-1]
        elif token.isspace() or token.startswith(("/*", "//")):
            continue
        elif token.startswith("PRI") and joined is not None:
            joined += "d"
        elif joined is not None:
            yield joined
            joined = None


def is_sentence(text):
    words = re.search(r"[A-Za-z]{2,}[ ,;:]+[(\\\"']*[A-Za-z%]", text) or re.fullmatch("an? [a-z]+", text)
    return words and re.search("[a-z]{3}", text)


def samples(text):
    """The text with tokens; also without those that end a word, such as the s of many."""
    plain = re.sub(r'\\(["\\])', r"\1", text)
    count = iter(range(1, 99))
    yield FORMAT.sub(lambda m: "%" if m[0] == "%%" else f"<{next(count)}>", plain)
    yield FORMAT.sub(lambda m: "" if m[0] == "%s" and re.search(r'[\w"]$', plain[:m.start()]) else "<1>", plain)


class Patterns:
    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as f:
            rows = [r for r in csv.DictReader(f) if r["key"].startswith("problem.")]
        self.rows, self.english = rows, "\n".join(r["en"] for r in rows)
        self.parts = [re.split(r"\{\d\}", r["en"]) for r in rows]

    def faults(self):
        for row, parts in zip(self.rows, self.parts):
            english, danish = (set(re.findall(r"\{\d\}", row[k])) for k in ("en", "da"))
            if not row["da"] or danish != english:
                yield f"{row['key']}: no Danish, or with other places than the English"
            if max(len(p.encode()) for p in parts[1:] or [""]) > LONGEST:
                yield f"{row['key']}: longer than lib/report/problems.c can match"

    @staticmethod
    def match(parts, text):
        """What stands in the places, and how much else there is; each place takes as little as it can."""
        if not text.startswith(parts[0]):
            return None
        at, found = len(parts[0]), []
        for part in parts[1:]:
            end = text.find(part, at) if part else len(text)
            if end < 0:
                return None
            found.append(text[at:end])
            at = end + len(part)
        return (sum(len(p.encode()) for p in parts), found) if at == len(text) else None

    def leaves(self, text, depth=0):
        """Does anything of the text stay English?"""
        if " " not in text.strip() or (depth > 0 and re.fullmatch(r"[\w.]+(, [\w.]+)+", text)):
            return False
        best = max((m for m in (self.match(p, text) for p in self.parts) if m), key=lambda m: m[0], default=None)
        if best is None or best[0] < 1 or depth > DEEPEST:
            return True
        return any(self.leaves(place, depth + 1) for place in best[1])

    def has(self, text):
        part = re.sub(r'\\(["\\])', r"\1", text)
        if not part[0].isalnum() and not part.startswith("%") and part in self.english:
            return True  # the end of a message whose beginning stands elsewhere
        return self.has_form(part) or not all(self.leaves(s) for s in samples(text))

    def has_form(self, text):
        """Is there a pattern for one of the words that a %s stands for, as month or quarter?"""
        form = ".+?".join(re.escape(piece) for piece in FORMAT.split(text))
        return len(re.sub("[^a-z]", "", FORMAT.sub("", text))) > 12 and any(
            re.fullmatch(form, r["en"]) for r in self.rows)


def main(root, write=False):
    root = Path(root)
    patterns = Patterns(root / "data" / "catalogue" / "labels.csv")
    faults, english = list(patterns.faults()), {}
    for path in sorted((root / "lib").rglob("*.[ch]")):
        if path.name in OTHERS:
            continue
        for text in literals(path.read_text(encoding="utf-8")):
            if is_sentence(text) and not PROGRAMS.search(text) and not patterns.has(text):
                english.setdefault(f"{path.relative_to(root / 'lib').parts[0]}: {text}", path.relative_to(root))
    listed = root / LIST
    if write:
        listed.write_text("".join(f"{line}\n" for line in sorted(english)), encoding="utf-8")
    known = set(listed.read_text(encoding="utf-8").splitlines())
    faults += [f"{english[x]}: no Danish for \"{x.split(': ', 1)[1]}\": add a pattern to data/catalogue/labels.csv"
               for x in sorted(set(english) - known)]
    faults += [f"{LIST}: has Danish, or is no more: take out \"{x}\"" for x in sorted(known - set(english))]
    print("\n".join(faults) or f"danish: {len(patterns.rows)} patterns, {len(known)} texts stay English")
    return bool(faults)


sys.exit(main(sys.argv[1], "--write" in sys.argv[2:]))
