"""Checks the code lists of data/ and writes them as C arrays.

embed.py OUTPUT.c LIST=FILE.csv ...

The output depends on the files alone. A fault stops the build with file, line and what was expected.
"""
import csv
import re
import sys
from datetime import date

COMMON = ["code", "aliases", "valid_from", "valid_to", "label_en", "label_da", "source", "status", "note"]
FILLED = ["code", "label_en", "label_da", "source", "status"]
STATUS = {"verified", "unverified", "derived", "own", "not_found"}
YES_NO = {"yes", "no"}
NUMBER, SHARE = re.compile("[0-9]+([.][0-9]+)?"), re.compile("0([.][0-9]+)?|1")
# Further columns of each list: a set of allowed words, a pattern, the list whose codes they hold, or None for any text.
# A cell may be blank unless the name of the column ends in "!".
COLUMNS = {
    "benefit_rate": {"unit!": None, "amount": NUMBER},
    "benefit_state": {
        "family": "benefit_state", "activity": re.compile("[a-z_]+"), "activity_sector": "sector", "work!": YES_NO,
        "subsidised": YES_NO, "grace": YES_NO, "ends": {"education", "censor"}, "counts_toward_duration": YES_NO,
        "resets_duration": YES_NO, "scheme_nonbenefit": {"not_benefit", "health", "other"},
        "scheme_blank_income": {"success_if_income", "failure", "exit", "censor"},
    },
    "contract_type": {},
    "discount_rate": {"schedule!": None, "year_from!": re.compile("[0-9]+"), "year_to": re.compile("[0-9]+"), "rate!": SHARE},
    "firm_size": {"headcount_from!": re.compile("[0-9]+"), "headcount_below": re.compile("[0-9]+"), "sme!": YES_NO},
    "fleksloentilskud": {"max_subsidy": NUMBER, "threshold": NUMBER, "rate_below!": SHARE, "rate_above!": SHARE},
    "industry_section": {"division_from!": re.compile("[0-9]+"), "division_below!": re.compile("[0-9]+"),
                         "services!": YES_NO},
    "instrument": {
        "items!": re.compile("[0-9]+"), "least!": re.compile("-?[0-9.]+"), "most!": re.compile("-?[0-9.]+"),
        "total!": {"sum", "mean"}, "factor!": re.compile("[0-9.]+"), "needed!": re.compile("[0-9]+"),
        "better!": {"higher", "lower"}, "bands": re.compile("[a-z_]+:[0-9.-]+( [a-z_]+:[0-9.-]+)*"),
        "relevant": re.compile("[0-9.]+"), "reliability": re.compile("0?[.][0-9]+"),
    },
    "migration_status": {},
    "observation_end": {},
    "placement_kind": {"work!": YES_NO, "subsidised": YES_NO, "self_support": YES_NO | {"partly"}},
    "procurement_clause": {
        "min_months": NUMBER, "min_contract": NUMBER, "min_wage_sum": NUMBER, "trigger": {"and", "or"}, "quota": SHARE,
    },
    "reimbursement_step": {
        "scheme!": None, "week_from!": re.compile("[0-9]+"), "week_to": re.compile("[0-9]+"), "state_share!": SHARE,
    },
    "retention_definition": {
        "rule!": {"point", "k_of_n", "continuous", "cumulative"},
        "clock!": {"days", "weeks", "months", "calendar_months", "quarters"},
        "horizons!": re.compile("[0-9]+(,[0-9]+)*"), "needed": re.compile("[0-9]+"), "periods": {"any_day", "every_day"},
        "episode": {"first", "any"},
        "index!": {"placement", "ordinary", "exit", "benefit_end", "work"}, "first_month": re.compile("[0-9]+"),
        "base": re.compile("[0-9]+"), "employer": {"any", "same"}, "success!": None, "subsidised": YES_NO,
        "hours_least": re.compile("[0-9.]+"), "income_least": re.compile("[0-9.]+"),
        "income_period": {"month", "week_month", "quarter"}, "barring": None, "grace": None, "gap_days": re.compile("[0-9]+"),
        "grace_days": re.compile("[0-9]+"), "least_run_days": re.compile("[0-9]+"), "leaves": None, "censors": None,
        "untold": None, "course": None, "text_en!": None, "text_da!": None,
    },
    "sector": {},
    "sex": {},
    "support_kind": {},
    "target_group": {
        "part_of": "target_group", "benefit": "benefit_state", "law_ref": None,
        "match_category": {"job_ready", "activity_ready", "education_ready"},
    },
}


class Fault(Exception):
    pass


def fold(word):
    """The spelling under which words are compared; the same as fm__code_fold."""
    word = re.sub("[A-Z]", lambda m: m.group().lower(), word)
    for letter, plain in ("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("Æ", "ae"), ("Ø", "oe"), ("Å", "aa"):
        word = word.replace(letter, plain)
    return "_".join(re.split("[ _\t-]+", word.strip(" _\t-")))


def read_day(text, where):
    if text == "":
        return None
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{where}: {text!r} is not a day; expected YYYY-MM-DD") from None


def lines(path, reader):
    try:
        yield from reader
    except csv.Error as fault:
        raise Fault(f"{path}:{reader.line_num}: {fault}") from None


def read(name, path):
    """Rows of one list, each with its line and days."""
    rules = {column.rstrip("!"): rule for column, rule in COLUMNS[name].items()}
    known = COMMON + list(rules)
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        for column in header:
            if column not in known:
                raise Fault(f"{path}:1: unknown column {column!r}; expected {', '.join(known)}")
        for column in known:
            if header.count(column) != 1:
                raise Fault(f"{path}:1: expected the column {column} once, found it {header.count(column)} times")
        rows = []
        for cells in lines(path, reader):
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(header):
                raise Fault(f"{where}: {len(cells)} cells; expected {len(header)}")
            for cell in cells:
                if cell != cell.strip() or any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 for c in cell):
                    raise Fault(f"{where}: {cell!r} has spaces at an end, control characters or is not UTF-8")
            row = dict(zip(header, cells))
            row["where"] = where
            row["days"] = [read_day(row[column], where) for column in ("valid_from", "valid_to")]
            rows.append(row)
    if not rows:
        raise Fault(f"{path}:1: no rows")
    return header, rows


def check_cells(name, rows, codes):
    required = FILLED + [column[:-1] for column in COLUMNS[name] if column.endswith("!")]
    for row in rows:
        first, last = row["days"]
        if first and last and last < first:
            raise Fault(f"{row['where']}: valid_to lies before valid_from")
        for column in required:
            if row[column] == "":
                raise Fault(f"{row['where']}: {column} is blank")
        if row["status"] not in STATUS:
            raise Fault(f"{row['where']}: status {row['status']!r}; expected one of {', '.join(sorted(STATUS))}")
        for column, rule in COLUMNS[name].items():
            column = column.rstrip("!")
            text = row[column]
            if text == "" or rule is None:
                continue
            if isinstance(rule, str):
                bad = [word for word in text.split(" ") if word not in codes[rule]]
                if bad:
                    raise Fault(f"{row['where']}: {column} names {bad[0]!r}, which is no code of {rule}")
            elif not (text in rule if isinstance(rule, set) else rule.fullmatch(text)):
                raise Fault(f"{row['where']}: {column} holds {text!r}")


def check_words(rows):
    """No word may belong to two entries on the same day."""
    owners = {}
    for row in rows:
        words = [row["code"]] + [word for word in row["aliases"].split("|") if row["aliases"]]
        folded = [fold(word) for word in words]
        for word, key in zip(words, folded):
            if not key or len(key.encode()) > 255:
                raise Fault(f"{row['where']}: {word!r} is no word of 1 to 255 bytes")
            if folded.count(key) > 1:
                raise Fault(f"{row['where']}: the word {word!r} is given twice")
            for other in owners.setdefault(key, []):
                first = max(row["days"][0] or date.min, other["days"][0] or date.min)
                last = min(row["days"][1] or date.max, other["days"][1] or date.max)
                if first <= last:
                    raise Fault(f"{row['where']}: the word {word!r} also belongs to {other['where']} on {first}")
            owners[key].append(row)


def array(cells):
    data = b"".join(cell.encode() + b"\0" for cell in cells)
    lines, line = [], "   "
    for byte in data:
        if len(line) > 112:
            lines.append(line)
            line = "   "
        line += f" {byte},"
    return "\n".join(lines + [line])


def main(output, *pairs):
    lists = {}
    for pair in sorted(pairs):
        name, path = pair.split("=", 1)
        if name not in COLUMNS:
            raise Fault(f"{path}: unknown list {name!r}; expected one of {', '.join(sorted(COLUMNS))}")
        lists[name] = read(name, path)
    codes = {name: {row["code"] for row in rows} for name, (_, rows) in lists.items()}
    text = ["/* Generated from data/ by embed.py. */", '#include "code/code_priv.h"', ""]
    for name, (header, rows) in lists.items():
        check_cells(name, rows, codes)
        check_words(rows)
        text += [f"static const unsigned char {name}[] = {{", array(header)]
        for row in rows:
            text += [array([row[column] for column in header])]
        text += ["};", ""]
    text += ["const fm__code_list fm__code_lists[] = {"]
    for name, (header, rows) in lists.items():
        text += [f'    {{"{name}", {name}, {len(header)}, {len(rows)}}},']
    text += ["};", f"const size_t fm__n_code_lists = {len(lists)};", ""]
    with open(output, "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(text))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Fault as fault:
        sys.exit(f"error: {fault}")
