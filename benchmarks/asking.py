"""How long a question takes at a terminal, against the same answer from DuckDB over the Parquet files.

    python benchmarks/asking.py [--rounds 15]

Whole processes, start included, both reading the files of this checkout.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness import Claim, claim, process, save, take

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MODI = "narendra-modi"
QUESTIONS = {
    "find": (
        ["find", "--person", MODI, "--kind", "talks", "--json"],
        f"SELECT t.* FROM '{DATA}/views/timeline.parquet' t SEMI JOIN (SELECT * FROM '{DATA}/participations.parquet' "
        f"WHERE person_id = '{MODI}') USING (engagement_id) WHERE kind = 'talks' ORDER BY start_date",
    ),
    "show": (
        ["show", MODI, "--json"],
        f"SELECT * FROM '{DATA}/people.parquet' WHERE person_id = '{MODI}'; "
        f"SELECT * FROM '{DATA}/tenures.parquet' WHERE person_id = '{MODI}'; "
        f"SELECT p.*, e.title_en, e.start_date FROM '{DATA}/participations.parquet' p JOIN '{DATA}/engagements.parquet' "
        f"e USING (engagement_id) WHERE person_id = '{MODI}' ORDER BY start_date; "
        f"SELECT v.*, s.* FROM '{DATA}/evidence.parquet' v JOIN '{DATA}/sources.parquet' s USING (source_id) "
        f"WHERE row_id = '{MODI}' OR row_id IN (SELECT participation_id FROM '{DATA}/participations.parquet' "
        f"WHERE person_id = '{MODI}')",
    ),
}


def measure(rounds: int) -> list[Claim]:
    """Return the claims."""
    claims = []
    for name, (arguments, query) in QUESTIONS.items():
        command = (
            f"import sys; sys.argv = ['ije', *{arguments!r}]; from india_japan_engagements.__main__ import main; main()"
        )
        by_hand = (
            "import duckdb, json\n"
            f"for query in {query!r}.split(';'):\n"
            "    found = duckdb.sql(query); names = found.columns\n"
            "    print(json.dumps([dict(zip(names, row)) for row in found.fetchall()], default=str, ensure_ascii=False))"
        )
        source = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n"
        ours = process(source + command, sys.executable)
        taken = take({f"ije {name}": ours, "duckdb": process(by_hand, sys.executable)}, rounds)
        claims.append(claim(f"ije {name}", taken, f"ije {name}", "duckdb", 1.0))
    return claims


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    save("asking", measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
