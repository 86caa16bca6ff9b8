"""The generator refuses faulty lists with file and line, and writes the same bytes each time.

test_embed.py EMBED.py
"""
import pathlib
import subprocess
import sys
import tempfile

EMBED = sys.argv[1]
HEADER = "code,aliases,valid_from,valid_to,label_en,label_da,source,status,note"
GOOD = "private,privat,2020-01-01,,private,privat,project,own,"


def run(folder, text, name="sector"):
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    output = folder / "out.c"
    output.unlink(missing_ok=True)
    result = subprocess.run([sys.executable, EMBED, output, f"{name}={path}"], capture_output=True, text=True)
    return result, output.read_bytes() if output.exists() else None


# text after the header, expected line, expected words of the message
FAULTS = [
    (f"{HEADER},colour\n{GOOD},red\n", 1, "unknown column 'colour'"),
    (f"{HEADER.replace('aliases,', '')}\n", 1, "expected the column aliases once"),
    (f"{HEADER},code\n{GOOD},x\n", 1, "expected the column code once, found it 2 times"),
    (f"{HEADER}\n", 1, "no rows"),
    (f"{HEADER}\n{GOOD},extra\n", 2, "10 cells; expected 9"),
    (f"{HEADER}\n{GOOD.replace('2020-01-01', '2020-02-30')}\n", 2, "'2020-02-30' is not a day"),
    (f"{HEADER}\n{GOOD.replace('2020-01-01', '20200101')}\n", 2, "'20200101' is not a day"),
    (f"{HEADER}\n{GOOD}\n{GOOD.replace('2020-01-01,', '2021-01-02,2021-01-01')}\n", 3, "before valid_from"),
    (f"{HEADER}\n{GOOD}\n{GOOD}\n", 3, "'private' also belongs to"),
    (f"{HEADER}\n{GOOD}\npublic,Privat,,2020-01-01,x,x,project,own,\n", 3, "on 2020-01-01"),
    (f"{HEADER}\n{GOOD.replace('privat,2020', 'Private,2020')}\n", 2, "is given twice"),
    (f"{HEADER}\n{GOOD.replace('privat,2020', 'a||b,2020')}\n", 2, "is no word"),
    (f"{HEADER}\n{GOOD.replace('own', 'sure')}\n", 2, "status 'sure'"),
    (f"{HEADER}\n{GOOD.replace('private,privat,project', 'private,,project')}\n", 2, "label_da is blank"),
    (f"{HEADER}\n{GOOD.replace('privat,', ' privat,', 1)}\n", 2, "spaces at an end"),
    (f"{HEADER}\n{GOOD}\n".replace("own", "own,\xe6").encode("latin-1"), 2, "10 cells"),
    (f"{HEADER}\n{GOOD}\xe6\n".encode("latin-1"), 2, "is not UTF-8"),
    (f"{HEADER}\n\"{GOOD}\n", 2, "unexpected end"),
]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for text, line, words in FAULTS:
            result, output = run(folder, text)
            message = result.stderr
            assert result.returncode == 1 and output is None, (text, result)
            assert words in message, (words, message)
            assert f"list.csv:{line}: " in message, (line, message)
        result, first = run(folder, f"{HEADER}\n{GOOD}\n")
        assert result.returncode == 0 and result.stderr == "", result
        result, second = run(folder, f"{HEADER}\n{GOOD}\n")
        assert first == second and b'{"sector", sector, 9, 1}' in first, first
        result, output = run(folder, f"{HEADER}\n{GOOD}\n", "colour")
        assert result.returncode == 1 and "unknown list 'colour'" in result.stderr, result
        kinds = HEADER + ",work,subsidised,self_support\n" + GOOD
        for cells, words in ((",maybe,no,yes", "work holds 'maybe'"), (",,no,yes", "work is blank"),
                             (",yes,no,often", "self_support holds 'often'")):
            result, output = run(folder, kinds + cells + "\n", "placement_kind")
            assert result.returncode == 1 and words in result.stderr, result
        groups = HEADER + ",part_of,benefit,law_ref,match_category\n" + GOOD + ",nobody,,,\n"
        result, output = run(folder, groups, "target_group")
        assert "part_of names 'nobody', which is no code of target_group" in result.stderr, result
    print(f"{len(FAULTS) + 7} lists judged")


main()
