"""Each public header compiles alone, as C11 and as C++11, without a warning.

headers.py PROJECT BUILT_INCLUDE
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main(project, built):
    root, faults, n = Path(project), [], 0
    headers = ["flexmetrics.h"] + [f"flexmetrics/{p.name}" for p in sorted((root / "include/flexmetrics").glob("*.h"))]
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "only.c"
        for header in headers:
            source.write_text(f'#include <{header}>\nint fm_here(void);\nint fm_here(void) {{ return 0; }}\n')
            for compiler in compilers:
                for language in (["-x", "c", "-std=c11"], ["-x", "c++", "-std=c++11"]):
                    run = subprocess.run([compiler, *language, "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                                          "-fsyntax-only", f"-I{root}/include", f"-I{built}", str(source)],
                                         capture_output=True, text=True)
                    n += 1
                    if run.returncode:
                        faults.append(f"{header} with {compiler} {language[1]}:\n{run.stderr}")
    top = (root / "include/flexmetrics.h").read_text(encoding="utf-8")
    faults += [f"flexmetrics.h does not include {h}" for h in headers[1:] if f'"{h}"' not in top]
    print("\n".join(faults) or f"headers: {n} compilations clean")
    sys.exit(bool(faults))


main(*sys.argv[1:])
