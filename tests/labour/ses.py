#!/usr/bin/env python3
"""Checks the pay gap on the synthetic structure-of-earnings survey of R's laeken.

The data set is under the GPL and so not part of this project: it is exported from the installed Debian package
r-cran-laeken into a temporary folder. Without R or the package the test is skipped (exit code 77).
Usage: ses.py PROGRAM (tests/labour/ses.c).
"""
import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
EXPORT = """
if (!requireNamespace("laeken", quietly = TRUE)) quit(status = 77)
data(ses, package = "laeken")
rows <- data.frame(as.character(ses$sex), sprintf("%.17g", ses$earningsHour), sprintf("%.17g", ses$weights))
write.table(rows, commandArgs(TRUE)[1], sep = ",", quote = FALSE, row.names = FALSE, col.names = FALSE)
"""


def main(program):
    if shutil.which("Rscript") is None:
        print("skipped: Rscript is not installed (Debian: r-base-core, r-cran-laeken)")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        rows = os.path.join(folder, "ses.csv")
        done = subprocess.run(["Rscript", "--vanilla", "-e", EXPORT, rows], stdout=subprocess.DEVNULL)
        if done.returncode == SKIPPED:
            print("skipped: the R package laeken is not installed (Debian: r-cran-laeken)")
        sys.exit(done.returncode or subprocess.run([program, rows]).returncode)


main(*sys.argv[1:])
