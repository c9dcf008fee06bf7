"""Print the latest engagements from the installed package: a first look, with nothing but a plain install."""

from __future__ import annotations

import india_japan_engagements as ije

COUNT = 10


def main() -> None:
    timeline = ije.load("timeline").to_pylist()
    held = [row for row in timeline if row["status"] == "held"]
    print(f"{ije.cite()}\n{len(timeline):,} engagements; the latest {min(COUNT, len(held))} held:\n")
    for row in reversed(held[-COUNT:]):
        people = " – ".join(filter(None, (row["principals_ind"], row["principals_jpn"])))
        where = row["place"] or {"telephone": "by telephone", "video": "by video", "written": "in writing"}.get(
            row["format"]
        )
        facts = "; ".join(filter(None, (where, f"tier {row['tier']}", f"{row['sources']} sources")))
        print(f"{row['start_date']:10}  {row['title_en']}")
        print(f"{'':12}{people} ({facts})")


if __name__ == "__main__":
    main()
