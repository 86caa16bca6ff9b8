"""Tests of the command, in TAP.

run.py FLEXMETRICS PROJECT [slow]    `slow`: the build is instrumented, so times mean nothing
"""
import csv
import io
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import bad
import cases
import sources
import workbooks

PROGRAM, PROJECT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SLOW = "slow" in sys.argv[3:]
HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(PROJECT, "examples", "data")
DEMO = os.path.join(DATA, "demo-municipality")
CLI = os.path.join(PROJECT, "examples", "cli")
results = []


def report(name, faults):
    results.append(not faults)
    print(f"{'not ok' if faults else 'ok'} {len(results)} - {name}")
    for fault in faults:
        print("# " + str(fault).replace("\n", "\n# "))


def run(arguments, **more):
    p = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=100, **more)
    return p.returncode, p.stdout.decode("utf-8"), p.stderr.decode("utf-8")


def flat(text):
    return " ".join(text.split())


def missing(where, text, fragments):
    return [f"{where} lacks {part!r}:\n{text}" for part in fragments if part not in text]


def test_cases(tmp):
    for name, content in cases.FILES.items():
        with open(os.path.join(tmp, name), "wb") as f:
            f.write(content)
    for line, code, out, err in cases.CASES:
        arguments = [word.format(data=DATA, tmp=tmp) for word in line.split()]
        got, stdout, stderr = run(arguments)
        faults = [] if got == code else [f"exit code {got}, expected {code}\n{stdout}{stderr}"]
        faults += missing("stdout", stdout + flat(stdout), out) + missing("stderr", stderr, err)
        if code != 0 and not out and stdout:
            faults.append(f"something on stdout:\n{stdout}")
        report("flexmetrics " + line, faults)


def test_stdin():
    with open(os.path.join(PROJECT, "tests", "oracle", "income", "synth.csv"), "rb") as f:
        content = f.read()
    line = ["compute", "income.distribution", "--by", "region", "--weight", "w", "--format", "csv"]
    p = run([*line, "-"], input=content)
    file = run([*line, os.path.join(PROJECT, "tests", "oracle", "income", "synth.csv")])
    head, *rows = content.splitlines(keepends=True)
    turned = run([*line, "-"], input=head + b"".join(reversed(rows)))
    faults = [] if p[0] == 0 and p[:2] == file[:2] == turned[:2] else [f"{p}\n{file}\n{turned}"]
    report("the standard input, in any order of rows, as the file", faults)
    code, _, err = run([*line, "-"], input=b"region,w,income\na,1,x\n")
    faults = missing("stderr", err, ['stdin, line 2, column "income" (cell C2): not a number'])
    for lang, said in (("en", 'stdin, line 3, column "w": expected a weight of 0 or more; found -1'),
                       ("da", 'stdin, linje 3, kolonne "w": ventet en vægt på 0 eller mere; fundet -1')):
        _, _, bad = run(["compute", "parity.means", "-", "--weight", "w", "--option", "group=region", "--option",
                         "value=income", "--option", "reference=a", "--lang", lang],
                        input=b"region,w,income\na,1,2\nb,-1,3\n")
        faults += missing("stderr", bad, [said])
    report("a bad cell of the standard input", faults if code == 1 else [f"exit code {code}", *faults])


def test_golden():
    for name, line in cases.GOLDEN.items():
        with open(os.path.join(HERE, "golden", name + ".txt"), encoding="utf-8") as f:
            expected = f.read()
        code, stdout, stderr = run(line.split(), cwd=DATA)
        report("golden " + name, [] if (code, stdout, stderr) == (0, expected, "") else
               [f"exit code {code}, expected:\n{expected}got:\n{stdout}{stderr}"])


def test_bad(tmp):
    for name, make, code, english, danish in bad.CASES:
        folder = os.path.join(tmp, name.replace(" ", "_"))
        make(folder)
        if name == "no permission" and os.geteuid() == 0:
            report(name + " # SKIP root may read everything", [])
            continue
        for lang, fragments in (("en", english), ("da", danish)):
            got, stdout, stderr = run(["check", folder, "--lang", lang])
            faults = [] if got == code else [f"exit code {got}, expected {code}"]
            faults += missing("check", flat(stdout + stderr), fragments)
            if "p77" in stdout + stderr:
                faults.append("the id of a person is shown")
            out = os.path.join(tmp, "page.txt")
            got, stdout, stderr = run(["compute", "programme.people", folder, "--as-of", "2026-01-01", "--lang", lang,
                                       "--out", out])
            faults += [] if got == code else [f"compute: exit code {got}, expected {code}\n{stderr}"]
            faults += missing("compute", flat(stderr), fragments)
            if code != 0 and (stdout or [f for f in os.listdir(tmp) if f.startswith("page")]):
                faults.append("compute left something")
            if os.path.exists(out):
                os.remove(out)
            report(f"{name} ({lang})", faults)


def test_bad_formats(tmp):
    """The list of problems as CSV and JSON; rows left out; declared forms."""
    folder = os.path.join(tmp, "30_February")
    code, stdout, _ = run(["check", folder, "--format", "csv"])
    report("problems as CSV", [] if code == 1 and stdout.startswith("severity,code,table,row,line,column,cell,value,")
           and "error,FM-D02,placements.csv,0,2,end,E2,2025-02-30," in stdout else [code, stdout])
    code, stdout, _ = run(["check", folder, "--format", "json"])
    report("problems as JSON", [] if code == 1 and '"code": "FM-D02"' in stdout else [code, stdout])
    code, stdout, _ = run(["check", folder, "--skip-bad"])
    report("--skip-bad", [] if code == 0 and "The rows with errors were left out." in stdout and
           re.search(r"placements +1 row\b", stdout) and "Nothing was computed" not in stdout else [code, stdout])
    for name, options in (("Danish_date", ["--date-format", "DD-MM-YYYY"]),
                          ("decimal_comma", ["--decimal", "comma"])):
        target = os.path.join(tmp, name)
        if name == "Danish_date":  # all dates of the file in the declared form
            with open(os.path.join(target, "placements.csv"), "w", encoding="utf-8") as f:
                f.write(bad.PLACEMENTS.replace("2025-01-10", "10-01-2025").replace("2025-06-30", "30-06-2025")
                        .replace("2025-02-01", "01-02-2025"))
        code, stdout, stderr = run(["check", target, *options])
        report(" ".join(options), [] if code == 0 and "is in order" in stdout else [code, stdout, stderr])
    code, stdout, _ = run(["check", os.path.join(tmp, "wrong_encoding"), "--encoding", "windows-1252"])
    report("--encoding", [] if code == 0 and "is in order" in stdout else [code, stdout])
    with open(os.path.join(tmp, "headers.txt"), "w", encoding="utf-8") as f:
        f.write("# our own words\nplacements.kind = Slags\nplacements.placement_id=Nr\n\n")
    with open(os.path.join(tmp, "missing_column", "placements.csv"), "w", encoding="utf-8") as f:
        f.write("Nr,person_id,Slags,start\na,p1,fleksjob,2025-01-10\n")
    for how in (os.path.join(tmp, "headers.txt"), "placements.kind=Slags;placements.placement_id=Nr"):
        code, stdout, stderr = run(["check", os.path.join(tmp, "missing_column"), "--columns", how])
        report("--columns " + os.path.basename(how), [] if code == 0 else [code, stdout, stderr])
    with open(os.path.join(tmp, "persons.csv"), "w", encoding="utf-8") as f:
        f.write("Id;sex;weight;unemployed_since\n1;female;0,5;01-01-2025\n2;male;NA;\n")
    code, stdout, stderr = run(["check", os.path.join(tmp, "persons.csv"), "--columns", "persons.person_id=Id",
                                "--decimal", "comma", "--delimiter", "semicolon", "--missing", "NA", "--id-width", "3",
                                "--date-format", "DD-MM-YYYY", "--thousands", "point", "--max-row-bytes", "100"])
    report("one file, all forms declared", [] if code == 0 and re.search(r"persons +2 rows", stdout) else
           [code, stdout, stderr])


def limit_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


def test_output(tmp):
    out = os.path.join(tmp, "out")
    os.mkdir(out)
    path = os.path.join(out, "list.csv")
    code, stdout, stderr = run(["list", "--format", "csv", "--out", path])
    with open(path, encoding="utf-8") as f:
        whole = f.read()
    report("--out", [] if code == 0 and whole == run(["list", "--format", "csv"])[1] and not stdout + stderr and
           os.listdir(out) == ["list.csv"] else [code, stdout, stderr, os.listdir(out)])
    for lang, words in (("en", "cannot be written: the file would be larger than allowed; no part of it was left"),
                        ("da", "kan ikke skrives: filen ville blive større end tilladt; ingen del af den er efterladt")):
        for name in ("list.csv", "new.csv"):
            code, stdout, stderr = run(["list", "--format", "json", "--lang", lang, "--out", os.path.join(out, name)],
                                       preexec_fn=limit_size, restore_signals=False)
            with open(path, encoding="utf-8") as f:
                same = f.read() == whole
            report(f"no room for {name} ({lang})", [] if code == 3 and words in stderr and same and
                   os.listdir(out) == ["list.csv"] else [code, stderr, os.listdir(out)])
    code, _, stderr = run(["new", os.path.join(out, "folder")], preexec_fn=limit_size, restore_signals=False)
    report("new without room leaves nothing", [] if code == 3 and "larger than allowed" in stderr and
           os.listdir(out) == ["list.csv"] else [code, stderr, os.listdir(out)])
    if not os.path.exists("/dev/full"):
        return
    for arguments, words in ((["list"], "no space left on the disk"), (["--help"], "no space left"),
                             (["report", DEMO, "--lang", "da"], "der er ikke plads på disken")):
        with open("/dev/full", "wb") as full:
            p = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=100)
        report("full disk: " + arguments[0], [] if p.returncode == 3 and words in p.stderr.decode() else
               [p.returncode, p.stderr])
    code, _, stderr = run(["list", "--out", "/dev/full"])
    report("full disk: --out", [] if code == 3 and "no space left" in stderr and os.path.exists("/dev/full") and
           not os.path.isfile("/dev/full") else [code, stderr])


def test_new(tmp):
    folder = os.path.join(tmp, "fresh")
    code, stdout, stderr = run(["new", folder])
    files = sorted(os.listdir(folder))
    faults = [] if code == 0 and "flexmetrics check" in stdout and not stderr else [code, stdout, stderr]
    tables = [line.split(",")[0:2] for line in run(["list", "tables", "--format", "csv"])[1].splitlines()[1:]]
    names = {table for table, _ in tables}
    if files != sorted([n + ".csv" for n in names] + ["README.md", "LAESMIG.md"]):
        faults.append(files)
    for document, words in (("README.md", "| column | required |"), ("LAESMIG.md", "| kolonne | påkrævet |")):
        with open(os.path.join(folder, document), encoding="utf-8") as f:
            content = f.read()
        faults += missing(document, content, [words] + [f"## {n}.csv" for n in names] + [f"`{c}`" for _, c in tables])
    for name in names:
        with open(os.path.join(folder, name + ".csv"), encoding="utf-8") as f:
            if f.read() != ",".join(c for t, c in tables if t == name) + "\n":
                faults.append(name + ".csv: another header")
    report("new", faults)
    code, stdout, _ = run(["check", folder])
    report("a new folder can be checked", [] if code == 0 else [code, stdout])
    os.remove(os.path.join(folder, "spells.csv"))
    for lang, words in (("en", "nothing was written"), ("da", "intet er skrevet")):
        code, _, stderr = run(["new", folder, "--lang", lang])
        report(f"new overwrites nothing ({lang})", [] if code == 2 and words in stderr and
               not os.path.exists(os.path.join(folder, "spells.csv")) else [code, stderr])
    code, _, stderr = run(["new", os.path.join(folder, "README.md")])
    report("new over a file", [] if code == 3 and "it is a file, expected a folder" in stderr else [code, stderr])


def test_same_everywhere():
    """Threads, locale and environment never change a figure."""
    listed = list(csv.DictReader(io.StringIO(run(["list", "--format", "csv"])[1])))
    measures = [row["id"] for row in listed if row["frame"] != "table"]
    other = {**os.environ, "LC_ALL": "da_DK.UTF-8", "LANG": "da_DK.UTF-8", "TZ": "Pacific/Kiritimati", "NO_COLOR": "1"}
    periods = ("retention.transitions", "retention.sequences")
    lines = [["compute", measure, DEMO, *cases.NEEDED.get(measure, "").split(), "--format", "csv"]
             for measure in measures]
    lines.append(["compute", "income.grouped", *cases.GROUPED.format(data=DATA).split(), "--by", "dataset",
                  "--format", "csv"])
    lines.append(["compute", "retention.states", *cases.STATES.format(data=DATA).split(), "--format", "csv"])
    lines.append(["compute", "labour.rates", *cases.LABOUR.format(data=DATA).split(), "--format", "csv"])
    lines += [["compute", measure, *cases.PERIODS.format(data=DATA).split(), "--format", "csv"] for measure in periods]
    lines += [["report", DEMO, "--as-of", "2026-01-01", "--format", form] for form in ("table", "csv", "json")]
    for line in lines:
        one = run(line + ["--threads", "1"])
        faults = [] if one[0] == 0 and one[1] else [one]
        for threads in ("2", "7"):
            if run(line + ["--threads", threads], env=other) != one:
                faults.append(f"{threads} threads differ")
        if run(line) != one:
            faults.append("all threads differ")
        report("same for any threads: " + " ".join(line[:2] + line[-1:]).replace(DEMO, "demo"), faults)


def test_stop(tmp):
    """Ctrl-C while a file is read: exit code 3 and nothing is written."""
    pipe, out = os.path.join(tmp, "incomes.csv"), os.path.join(tmp, "stopped.txt")
    for lang, words in (("en", "stopped; nothing was written"), ("da", "afbrudt; intet er skrevet")):
        os.mkfifo(pipe)
        p = subprocess.Popen([PROGRAM, "check", pipe, "--lang", lang, "--out", out], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        with open(pipe, "wb", buffering=0) as f:  # opens once the program reads
            f.write(b"person_id,period,income\n")
            p.send_signal(signal.SIGINT)
            try:
                for _ in range(400):
                    f.write(b"p1,2024,100000\n" * 4000)
            except BrokenPipeError:
                pass
        stdout, stderr = p.communicate(timeout=100)
        report(f"Ctrl-C ({lang})", [] if p.returncode == 3 and words in stderr.decode() and not stdout and
               not os.path.exists(out) else [p.returncode, stdout, stderr])
        os.remove(pipe)


def test_words():
    """Every word in both languages, with the same places; every key that is used is there and the other way round."""
    with open(os.path.join(CLI, "texts.c"), encoding="utf-8") as f:
        source = f.read()
    literal = r'((?:"(?:\\.|[^"\\])*"\s*)+)'
    join = lambda text: "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
    words = [[join(part) for part in row] for row in re.findall(rf"\{{\s*{literal},\s*{literal},\s*{literal}\}}", source)]
    faults = [] if len(words) > 100 else [f"only {len(words)} words found"]
    for key, english, danish in words:
        if not english or not danish or set(re.findall(r"\{\d\}", english)) != set(re.findall(r"\{\d\}", danish)):
            faults.append(key)
    keys = {row[0] for row in words}
    used = set()
    for name in os.listdir(CLI):
        if name.endswith(".c") and name != "texts.c":
            with open(os.path.join(CLI, name), encoding="utf-8") as f:
                used |= set(re.findall(r'"((?:[a-z]+\.)?[a-z_]+)"', f.read()))
    for line in (["--help"], ["--help", "--lang", "da"]):
        faults += [f"over 80 columns: {row}" for row in run(line)[1].splitlines() if len(row) > 80]
    composed = ("help.", "examples.", "option.", "value.", "describe.", "goal.", "type.")
    faults += [f"{key} is never used" for key in keys
               if key not in used and not key.startswith(composed) and not re.match(r"[A-Z\[]", key)]
    dotted = {key for key in used if re.match(r"(usage|out|in|reason|new|check|mend|list|compute|dream|settlement|place|help)\.\w", key)}
    faults += [f"{key} is not there" for key in dotted - keys]
    report("words in both languages", faults)


def test_man():
    """The man page and --help know the same options, and the parser too."""
    with open(os.path.join(CLI, "flexmetrics.1"), encoding="utf-8") as f:
        man = f.read().replace("\\-", "-")
    commands = ("new", "check", "report", "list", "describe", "compute", "dream", "settlement", "series", "sdmx")
    faults = []
    shown = set()
    for command in commands:
        help_text = run([command, "--help"])[1]
        shown |= set(re.findall(r"^  (--[a-z-]+)", help_text, re.M))
        if not re.search(rf"^\.B[IR]* {command} ", man, re.M):
            faults.append(f"the man page lacks {command}")
        if command not in run(["--help"])[1]:
            faults.append(f"--help lacks {command}")
    documented = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*[a-z])", man.split(".SH OPTIONS")[1].split(".SH EXIT")[0]))
    faults += [f"only in one of man page and --help: {name}" for name in shown ^ documented]
    if len(shown) < 20:
        faults.append(f"only {len(shown)} options")
    report("man page and --help", faults)


def test_speed():
    line = [PROGRAM, "report", os.path.join(DATA, "school-to-work"), "--as-of", "1999-07-01"]
    best = 1e9
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(line, stdout=subprocess.DEVNULL, check=True, timeout=100)
        best = min(best, time.perf_counter() - start)
    report(f"school-to-work in {best:.3f} s" + (" # SKIP instrumented" if SLOW else ""),
           [] if SLOW or best < 0.1 else ["expected under 0.1 s"])


def main():
    tmp = tempfile.mkdtemp()
    try:
        for test in (test_cases, test_bad, test_bad_formats, test_output, test_new, test_stop):
            folder = os.path.join(tmp, test.__name__ if test is not test_bad_formats else "test_bad")
            os.makedirs(folder, exist_ok=True)
            test(folder)
        folder = os.path.join(tmp, "sources")
        os.makedirs(folder)
        sources.test_all(folder, PROGRAM, run, report, PROJECT)
        for test in (test_stdin, test_golden, test_same_everywhere, test_words, test_man, test_speed):
            test()
        folder = os.path.join(tmp, "workbooks")
        os.mkdir(folder)
        workbooks.test(run, report, DATA, folder)
    finally:
        shutil.rmtree(tmp)
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
