"""Family 8: every claim has a source that was read."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..columns import whole
from ..tableschema import Field
from ..views import Frame, bounds, levels, spans, tiers
from . import Data, Finding, rule
from .dates import DATE

NEEDS_EVIDENCE = (
    "engagements", "participations", "tenures", "offices", "mechanisms", "agenda", "agreements", "commitments",
    "commitment_updates", "host_events",
)  # fmt: skip
FROM_A_REGISTER = {"places": ("latitude", "longitude", "timezone"), "people": ("wikidata_id",)}
MINISTERIAL = "other_minister"


@rule(
    "E801",
    "no source supports the row",
    "add a row to evidence, or remove this one",
    bad="a participation on which no source bears",
    good="the page that names the participant is in evidence",
)
def every_claim_has_evidence(data: Data) -> Iterator[Finding]:
    """A row without a source that was really read does not exist."""
    supported = data["evidence"].filter(nw.col("stance") != "contradicts")
    for table in NEEDS_EVIDENCE:
        if table not in data.incomplete:
            rows = supported.filter(nw.col("table_name") == table).select(nw.col("row_id").alias(data.key(table)))
            yield table, data.key(table), data[table].join(rows, on=data.key(table), how="anti")


@rule(
    "E802",
    "{table_name} has no column {value!r}",
    "name a column of that table, or * for the row as a whole",
    bad="evidence for the column date of engagements",
    good="for start_date, or * for the row",
)
def evidence_names_a_column(data: Data) -> Iterator[Finding]:
    """Evidence bears on a cell that exists."""
    named = [*_named(data["evidence"])]
    for table, schema in data.schemas.items():
        wrong = [name for other, name in named if other == table and name and name not in (*schema.names, "*")]
        if wrong:
            yield (
                "evidence",
                "field",
                data["evidence"].filter(nw.col("table_name") == table, nw.col("field").is_in(wrong)),
            )


def _named(evidence: Frame) -> Iterator[tuple[str, str]]:
    """Yield each table and column that some of the evidence names."""
    named = evidence.select("table_name", "field").unique().sort("table_name", "field").collect()
    yield from zip(named["table_name"].to_list(), named["field"].to_list(), strict=True)


@rule(
    "E803",
    "nothing rests on the source",
    "add the evidence it gives, or remove the source",
    bad="a page was listed and nothing rests on it",
    good="it bears something out, or is not listed",
)
def every_source_is_used(data: Data) -> Iterator[Finding]:
    """A source is listed because a claim rests on it."""
    yield "sources", "source_id", data["sources"].join(data["evidence"].select("source_id"), on="source_id", how="anti")


@rule(
    "E804",
    "the source contradicts {field}, and does not say what it gives instead",
    "write the other value in stated_value",
    bad="a source contradicts the venue and does not say what it gives",
    good="stated_value holds the venue it gives",
)
def contradictions_state_the_other_value(data: Data) -> Iterator[Finding]:
    """A contradiction is kept so that a reader can choose; that takes the other value."""
    yield (
        "evidence",
        "stated_value",
        data["evidence"].filter(nw.col("stance") == "contradicts", nw.col("stated_value").is_null()),
    )


@rule(
    "E805",
    "{column} rests on no gazetteer or register",
    "add evidence from a source of kind reference, or empty the cell",
    bad="coordinates without a gazetteer",
    good="GeoNames is cited for them",
)
def registers_bear_out_identifiers(data: Data) -> Iterator[Finding]:
    """Identifiers, coordinates and time zones are looked up in a named register, never remembered."""
    references = data["sources"].filter(nw.col("kind") == "reference").select("source_id")
    evidence = data["evidence"].join(references, on="source_id")
    for table, columns in FROM_A_REGISTER.items():
        for column in columns:
            named = evidence.filter(nw.col("table_name") == table, nw.col("field").is_in([column, "*"]))
            rows = data[table].filter(~nw.col(column).is_null())
            yield (
                table,
                column,
                rows.join(named, left_on=data.key(table), right_on="row_id", how="anti").with_columns(
                    nw.lit(column).alias("column")
                ),
            )


@rule(
    "E806",
    "it supports {field} of {row_id}, states {value!r}, and the cell says {cell!r}",
    "correct the cell or stated_value; a source that gives something else contradicts",
    bad="the cell says 2025-10-28, and the source cited in its support states 2025-10-29",
    good="both say 2025-10-29; or the cell says 2025-10-29 and a less precise source 2025-10",
)
def support_agrees(data: Data) -> Iterator[Finding]:
    """What a source states in support of a date, number, code or time is what the cell says.

    Compared are columns whose values have one form; the words of a name or title may differ.
    """
    supports = data.keep(data["evidence"].filter(nw.col("stance") == "supports", ~nw.col("stated_value").is_null()))
    for table, name in _named(supports):
        schema = data.schemas.get(table)
        if schema is None or table in data.incomplete or name not in schema.names:
            continue
        field = schema[name]
        if field.type == "string" and not (field.enum or field.pattern):
            continue
        stated = supports.filter(nw.col("table_name") == table, nw.col("field") == name)
        cells = data[table].select(
            nw.col(data.key(table)).alias("row_id"),
            nw.col(name).alias("typed"),
            _text(field).fill_null("").alias("cell"),
        )
        if field.partial_date:
            stated = stated.filter(nw.col("stated_value").str.contains(DATE))  # of what is no date E105 speaks
        both = stated.join(cells, on="row_id").with_columns(_agree(field).fill_null(False).alias("agrees"))
        yield "evidence", "stated_value", both.filter(~nw.col("agrees"))


def _text(field: Field) -> nw.Expr:
    """Return a column as text; engines write large numbers in ways of their own, whole ones excepted."""
    value = nw.col(field.name)
    if field.type != "number":
        return value.cast(nw.String)
    entire = (value == value.round(0)) & (value.abs() < 1e15)
    digits = nw.when(entire).then(value).cast(nw.Int64).cast(nw.String)
    return nw.when(entire).then(nw.concat_str(digits, nw.lit(".0"))).otherwise(value.cast(nw.String))


def _agree(field: Field) -> nw.Expr:
    """Whether ``stated_value`` says what ``cell`` (as text) and ``typed`` hold."""
    value, cell = nw.col("stated_value"), nw.col("cell")
    if field.type in ("integer", "number"):
        plain = value.str.contains(whole(r"-?[0-9]+(\.[0-9]+)?"))
        number = nw.when(plain).then(value).otherwise(nw.lit(None)).cast(nw.Float64)
        typed = nw.col("typed").cast(nw.Float64)
        return (number - typed).abs() <= typed.abs() * 1e-9
    if not field.partial_date:
        return value == cell
    # Two partial dates agree where the shorter is how the longer begins.
    length = (
        nw.when(value.str.len_chars() < cell.str.len_chars())
        .then(value.str.len_chars())
        .otherwise(cell.str.len_chars())
    )
    agrees = nw.lit(False)
    for upto in (4, 7, 10):
        agrees = agrees | ((length == upto) & (value.str.slice(0, upto) == cell.str.slice(0, upto)))
    return agrees


@rule(
    "E808",
    "it bears out {field} of {row_id}, and that cell is empty",
    "fill the cell with what the source gives, or remove the evidence",
    bad="a page is cited for the venue, and no venue is given",
    good="the venue is given; a page that gives what the cell rightly leaves open contradicts it",
)
def evidence_bears_out_something(data: Data) -> Iterator[Finding]:
    """Evidence for an empty cell is what is left of a value that was lost. E806 speaks where the source's is stated."""
    bearing = data.keep(
        data["evidence"].filter(
            nw.col("stance") == "supports", nw.col("field") != "*", nw.col("stated_value").is_null()
        )
    )
    for table, name in _named(bearing):
        schema = data.schemas.get(table)
        if schema is not None and table not in data.incomplete and name in schema.names:
            empty = data[table].filter(nw.col(name).is_null()).select(nw.col(data.key(table)).alias("row_id"))
            about = bearing.filter(nw.col("table_name") == table, nw.col("field") == name)
            yield "evidence", "field", about.join(empty, on="row_id")


@rule(
    "E809",
    "it is said to be {value!r}, and codings holds no coding of it by {lacking}",
    "write single_coded, or add the codings it rests on",
    bad="an engagement is double_coded, and nobody's codings of it are published",
    good="codings holds what the first and the second coder gave its fields",
)
def second_codings_are_published(data: Data) -> Iterator[Finding]:
    """That a row was coded twice is a claim too; who adjudicated settled at least one difference."""
    coded = data["codings"].filter(nw.col("table_name") == "engagements")
    for coder, claims in (
        ("first", ("double_coded", "adjudicated")),
        ("second", ("double_coded", "adjudicated")),
        ("adjudicator", ("adjudicated",)),
    ):
        by = coded.filter(nw.col("coder") == coder).select(nw.col("row_id").alias("engagement_id")).unique()
        claimed = data["engagements"].filter(nw.col("review_status").is_in([*claims]))
        lacking = claimed.join(by, on="engagement_id", how="anti")
        yield "engagements", "review_status", lacking.with_columns(nw.lit(coder).alias("lacking"))


@rule(
    "E807",
    "{value!r} is no {register}",
    "write the code the standard gives it, such as en, ja or hi for a language, Latn, Jpan or Deva for a script",
    bad="the language jp, the script Japn",
    good="the language ja, the script Jpan",
)
def languages_and_scripts_exist(data: Data) -> Iterator[Finding]:
    """Languages go by ISO 639-1, scripts by ISO 15924."""
    import pycountry

    languages = [language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")]
    scripts = [script.alpha_4 for script in pycountry.scripts]
    registers = (("language", "language of ISO 639-1", languages), ("script", "script of ISO 15924", scripts))
    for column, register, known in registers:
        for table in data.with_fields(column):
            rows = data.unknown(table, column, known)
            yield table, column, rows.with_columns(nw.lit(register).alias("register"))


@rule(
    "W801",
    "it was held at level {level}, and no source is better than tier D",
    "add an official, wire or newspaper source, or waive this with what was searched",
    bad="a call of prime ministers known from blogs alone",
    good="a ministry, agency or newspaper reports it too, or a waiver says what was searched",
)
def ministerial_rows_have_good_sources(data: Data) -> Iterator[Finding]:
    """At minister level and above something better than a rewritten or opinion page nearly always exists."""
    codes = data.schemas["offices"]["level"].enum or []
    high = levels({name: data[name] for name in ("participations", "offices")}, codes).filter(
        nw.col("rank") <= codes.index(MINISTERIAL)
    )
    poor = (
        tiers({name: data[name] for name in ("evidence", "sources")})
        .filter(nw.col("tier") == "D")
        .select("engagement_id")
    )
    yield (
        "engagements",
        "engagement_id",
        data["engagements"]
        .filter(nw.col("status") == "held")
        .join(high, on="engagement_id")
        .join(poor, on="engagement_id"),
    )


@rule(
    "W802",
    "it is held, and all its sources were published before it, the last on {last}",
    "find a source from afterwards; until then it is planned, or waive this with the reason",
    bad="a meeting of 2026-07-02 is held by the word of a page of 2026-06-20 that announces it",
    good="a report of 2026-07-02 bears it out",
)
def what_was_held_is_reported_afterwards(data: Data) -> Iterator[Finding]:
    """An announcement shows what was planned. A day is allowed for the clocks of two capitals."""
    dated = bounds(data["sources"].select("source_id", "published_on"), "published_on")
    bearing = (
        data["evidence"]
        .filter(nw.col("table_name") == "engagements", nw.col("stance") != "contradicts")
        .select(nw.col("row_id").alias("engagement_id"), "source_id")
        .unique()
        .join(dated, on="source_id")
        .group_by("engagement_id")
        .agg(
            nw.col("published_on_latest").max().alias("latest"),
            nw.col("published_on").max().alias("last"),
            nw.col("published_on").is_null().cast(nw.Int64).sum().alias("undated"),
        )
        .filter(nw.col("undated") == 0)
    )
    rows = spans(data["engagements"]).filter(nw.col("status") == "held").join(bearing, on="engagement_id")
    yield "engagements", "start_date", rows.filter(nw.col("latest") < nw.col("start_date_earliest").dt.offset_by("-1d"))
