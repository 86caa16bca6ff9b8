"""Data that are wrong, each in one way: what is said about it, in both languages, and the exit code."""
import os

PERSONS = "person_id,sex,weight,municipality\np1,female,1,Tønder\np2,male,1,Randers\n"
PLACEMENTS = ("placement_id,person_id,kind,start,end,hours_per_week\n"
              "a,p1,fleksjob,2025-01-10,2025-06-30,12\nb,p2,ordinary,2025-02-01,,37\n")


def write(folder, persons=PERSONS, placements=PLACEMENTS):
    os.makedirs(folder)
    for name, content in (("persons.csv", persons), ("placements.csv", placements)):
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)


def folder_for_file(folder):
    write(folder, persons=None)
    os.mkdir(os.path.join(folder, "persons.csv"))


def locked(folder):
    write(folder)
    os.chmod(os.path.join(folder, "persons.csv"), 0)


def persons(content):
    return lambda folder: write(folder, persons=content)


def placements(content):
    return lambda folder: write(folder, placements=content)


def changed(old, new):
    assert old in PLACEMENTS
    return placements(PLACEMENTS.replace(old, new))


def answered(folder):
    """With a word for an answer that no list knows; the list is not among the built-in ones."""
    write(folder)
    for name, rows in (("initiatives", "initiative_id,start\nx,2025-01-01\n"),
                       ("participants", "initiative_id,person_id,joined_on,decision\nx,p1,2025-01-01,perhaps\n")):
        with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as f:
            f.write(rows)


# name, how it is made, exit code, what is said in English, in Danish
CASES = [
    ("empty file", persons(""), 1, ["persons", "the file is empty", "FM-S06", "Nothing was computed"],
     ["persons", "filen er tom", "FM-S06", "Intet er beregnet"]),
    ("header only", placements("placement_id,person_id,kind,start\n"), 0,
     ["note: placements.csv", "has column names but no rows", "expected at least one row", "FM-F05"],
     ["bemærk: placements.csv", "har kolonnenavne, men ingen rækker", "ventet mindst én række", "FM-F05"]),
    ("missing column", placements("placement_id,person_id,start\na,p1,2025-01-10\n"), 1,
     ['placements.csv, column "kind"', "is not there", "FM-H01", "--columns"],
     ['placements.csv, kolonne "kind"', "er der ikke", "FM-H01", "--columns"]),
    ("duplicate id", changed("b,p2", "a,p2"), 1,
     ['placements.csv, line 3, column "placement_id" (cell A3)', "this id is there twice", "the first is in line 2"],
     ['placements.csv, linje 3, kolonne "placement_id" (celle A3)', "dette id står to gange",
      "den første er i linje 2"]),
    ("dangling id", changed("b,p2", "b,p77"), 1,
     ['placements.csv, line 3, column "person_id" (cell B3)', "this person is not in persons", "FM-R02"],
     ['placements.csv, linje 3, kolonne "person_id" (celle B3)', "personen findes ikke i persons", "FM-R02"]),
    ("end before start", changed("2025-06-30", "2024-06-30"), 1,
     ['placements.csv, line 2, column "end" (cell E2): before the start', "found 2024-06-30", "2025-01-10 or later"],
     ['placements.csv, linje 2, kolonne "end" (celle E2): før start', "fundet 2024-06-30",
      "2025-01-10 eller senere"]),
    ("30 February", changed("2025-06-30", "2025-02-30"), 1,
     ['placements.csv, line 2, column "end" (cell E2): no such day', "found 2025-02-30", "expected a day of the"],
     ['placements.csv, linje 2, kolonne "end" (celle E2): ingen dag', "fundet 2025-02-30", "ventet en dag i"]),
    ("unknown code", changed("fleksjob", "flex"), 0,
     ['note: placements.csv, line 2, column "kind" (cell C2)', "unknown code", "found flex", "expected one of:",
      "did you mean fleksjob?", "placement_kind.csv", "flexmetrics list codes placement_kind"],
     ['bemærk: placements.csv, linje 2, kolonne "kind" (celle C2)', "ukendt kode", "fundet flex", "ventet en af:",
      "mente du fleksjob?", "placement_kind.csv", "flexmetrics list codes placement_kind"]),
    ("unknown answer", answered, 0, ["found perhaps", "own words in decision.csv there"],
     ["fundet perhaps", "egne ord i decision.csv dér"]),
    ("text in a number", changed(",12\n", ",many\n"), 1,
     ['placements.csv, line 2, column "hours_per_week" (cell F2): not a number', "found many", "expected digits"],
     ['placements.csv, linje 2, kolonne "hours_per_week" (celle F2): ikke et tal', "fundet many", "ventet cifre"]),
    ("decimal comma", changed(",12\n", ',"12,5"\n'), 1, ["found 12,5", "--decimal comma"],
     ["fundet 12,5", "--decimal comma"]),
    ("Danish date", changed("2025-06-30", "30-06-2025"), 1, ["not a date", "found 30-06-2025", "--date-format DD-MM-YYYY"],
     ["ikke en dato", "fundet 30-06-2025", "--date-format DD-MM-YYYY"]),
    ("negative weight", persons(PERSONS.replace("female,1", "female,-1")), 1,
     ['persons.csv, line 2, column "weight" (cell C2): a negative weight', "found -1", "expected a weight of 0 or more"],
     ['persons.csv, linje 2, kolonne "weight" (celle C2): en negativ vægt', "fundet -1", "ventet en vægt på 0"]),
    ("NUL bytes", placements(PLACEMENTS.replace("fleksjob", "fleks\0job")), 1,
     ["placements.csv, line 2", "a NUL byte", "expected text without NUL bytes", "FM-E02"],
     ["placements.csv, linje 2", "en NUL-byte", "ventet tekst uden NUL-bytes", "FM-E02"]),
    ("10 MB line", placements(PLACEMENTS + "c,p1," + "x" * 10_000_000 + ",2025-01-01,,\n"), 1,
     ["placements.csv, line 4", "a row that is too long", "expected at most 1048576 bytes", "--max-row-bytes"],
     ["placements.csv, linje 4", "en række, der er for lang", "ventet højst 1048576 bytes", "--max-row-bytes"]),
    ("truncated quote", placements(PLACEMENTS + 'c,p1,"fleks'), 1,
     ["placements.csv, line 4", "a quote that is not closed", "expected a closing quote", "FM-S02"],
     ["placements.csv, linje 4", "et citationstegn, der ikke er lukket", "ventet et slutcitationstegn", "FM-S02"]),
    ("wrong encoding", persons(PERSONS.encode("windows-1252")), 1,
     ['persons.csv, line 2, column "municipality" (cell D2): not UTF-8', "expected text in UTF-8",
      "--encoding windows-1252"],
     ['persons.csv, linje 2, kolonne "municipality" (celle D2): ikke UTF-8', "ventet tekst i UTF-8",
      "--encoding windows-1252"]),
    ("folder instead of a file", folder_for_file, 3, ["persons.csv", "it is a folder, not a file"],
     ["persons.csv", "det er en mappe, ikke en fil"]),
    ("no permission", locked, 3, ["persons.csv: cannot be opened: permission denied"],
     ["persons.csv: kan ikke åbnes: adgang nægtet"]),
    ("no known file", lambda folder: write(folder, persons=None, placements=None), 1,
     ["no table found, expected persons.csv", "FM-F03"], ["ingen tabel fundet, ventet persons.csv", "FM-F03"]),
    ("no such folder", lambda folder: None, 3, ["there is no such folder"], ["der er ingen sådan mappe"]),
]
