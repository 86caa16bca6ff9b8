#!/usr/bin/env python3
"""Checks the measures of one distribution on the synthetic EU-SILC data of R's laeken.

The data set is under the GPL and so not part of this project: it is exported from the installed Debian package
r-cran-laeken into a temporary folder. Without R or the package the test is skipped (exit code 77).
Usage: eusilc.py PROGRAM (tests/income/eusilc.c).
"""
import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
EXPORT = """
if (!requireNamespace("laeken", quietly = TRUE)) quit(status = 77)
data(eusilc, package = "laeken")
age <- as.character(cut(eusilc$age, c(-Inf, 17, 64, Inf), c("0-17", "18-64", "65+")))
rows <- data.frame(sprintf("%.17g", eusilc$rb050), sprintf("%.17g", eusilc$eqIncome),
                   gsub(" ", "_", as.character(eusilc$db040)), as.character(eusilc$rb090), age, eusilc$db030)
write.table(rows, commandArgs(TRUE)[1], sep = ",", quote = FALSE, row.names = FALSE, col.names = FALSE)
"""


def main(program):
    if shutil.which("Rscript") is None:
        print("skipped: Rscript is not installed (Debian: r-base-core, r-cran-laeken)")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        rows = os.path.join(folder, "eusilc.csv")
        done = subprocess.run(["Rscript", "--vanilla", "-e", EXPORT, rows], stdout=subprocess.DEVNULL)
        if done.returncode == SKIPPED:
            print("skipped: the R package laeken is not installed (Debian: r-cran-laeken)")
        sys.exit(done.returncode or subprocess.run([program, rows]).returncode)


main(*sys.argv[1:])
