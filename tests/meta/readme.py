"""Runs every code block of a page that is marked sh, python or c, and compares what is shown with what comes out.

readme.py PROJECT PREFIX [PAGE] [--write]     PREFIX: where it is installed; PAGE: README.md without it; --write puts
the real output into the page. Other pages than README.md leave out REMINDER, which they tell of once.

- sh: `$ command` and its output below; without `$` only commands of ELSEWHERE, which other parts of ./check run.
- python: `>>> ` as in an interactive session; all blocks are one session.
- c: a program, saved as example.c for the sh blocks after it.
All run in one empty folder with a link to examples/.
"""
import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ELSEWHERE = {"./demo": "demo", "./check": "check", "./check quick": "check", "pip install .": "pyproject.toml",
             "meson install -C build": "meson.build"}
REMINDER = re.compile(r"flexmetrics: note: (nothing is hidden|rows hidden: \d+ ).*\n")
BLOCK = re.compile(r"^```(sh|python|c)\n(.*?)^```$", re.M | re.S)


def run_sh(text, faults, root, environment):
    """The block with the output that its commands have now."""
    lines, out = text.splitlines(keepends=True), []
    if not any(line.startswith("$ ") for line in lines):
        for line in lines:
            command = line.split("#")[0].strip()
            if command and not (root / ELSEWHERE.get(command, "?")).exists():
                faults.append(f"{command}: shown without output, but no other part of ./check runs it")
        return text
    i = 0
    while i < len(lines):
        command = lines[i]
        out.append(command)
        i += 1
        while command.endswith("\\\n") and i < len(lines):
            out.append(lines[i])
            command += lines[i]
            i += 1
        while i < len(lines) and not lines[i].startswith("$ "):
            i += 1
        done = subprocess.run(["sh", "-c", command[2:]], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
        if done.returncode not in (0, 1):
            faults.append(f"{command.strip()}: exit status {done.returncode}")
        out.append(done.stdout)
    return "".join(out)


def run_python(text, scope):
    out = []
    for part in doctest.DocTestParser().parse(text):
        if isinstance(part, str):
            out.append(part)
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(part.source, "README.md", "single"), scope)  # the README is the program
        first, *rest = part.source.rstrip("\n").split("\n")
        out += [f">>> {first}\n", *[f"... {line}\n" for line in rest], said.getvalue()]
    return "".join(out)


def main(project, prefix, *flags):
    name = next((flag for flag in flags if not flag.startswith("-")), "README.md")
    root, prefix, faults, scope = Path(project).resolve(), Path(prefix).resolve(), [], {}
    environment = {**os.environ, "PATH": f"{prefix}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                   "LD_LIBRARY_PATH": f"{prefix}/lib", "PKG_CONFIG_PATH": f"{prefix}/lib/pkgconfig"}
    sys.path[:0] = [str(Path(p).resolve()) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    page = root / name
    shown = page.read_text(encoding="utf-8")
    n = 0

    def renew(m):
        nonlocal n
        n += 1
        kind, text = m.groups()
        if kind == "c":
            Path("example.c").write_text(text, encoding="utf-8")
            return m.group()
        real = run_python(text, scope) if kind == "python" else run_sh(text, faults, root, environment)
        real = real if name == "README.md" else REMINDER.sub("", real)
        if real != text and "--write" not in flags:
            faults.append(f"{name} shows\n{text}but it is\n{real}")
        return f"```{kind}\n{real}```"

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.symlink(root / "examples", "examples")
        real = BLOCK.sub(renew, shown)
        os.chdir(root)
    if "--write" in flags:
        page.write_text(real, encoding="utf-8")
    print("\n".join(faults) or f"{name}: {n} blocks run")
    sys.exit(bool(faults) or n == 0)


main(*sys.argv[1:])
