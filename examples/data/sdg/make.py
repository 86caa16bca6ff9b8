"""Makes fiscal.csv: real wages, and what a flat tax of 20 per cent returned in equal grants makes of them."""
import csv
import os
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from files import target_folder, write_table

HERE = os.path.dirname(os.path.abspath(__file__))
TAX = Fraction(1, 5)

with open(os.path.join(HERE, "..", "..", "python-income", "wages.csv"), encoding="utf-8", newline="") as text:
    wages = [(row["person_id"], int(row["wage_1982"])) for row in csv.DictReader(text)]
grant = TAX * sum(wage for _, wage in wages) / len(wages)
write_table(target_folder(__file__), "fiscal", ["person_id", "prefiscal", "postfiscal"],
            [{"person_id": person, "prefiscal": wage, "postfiscal": f"{float(wage - TAX * wage + grant):.2f}"}
             for person, wage in wages])
