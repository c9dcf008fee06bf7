"""Family 9: sums that can be read, and added without counting one twice."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import bounds
from . import Data, Finding, rule

PAIRS = (
    ("commitments", "amount", "currency"),
    ("commitments", "converted_amount", "converted_currency"),
    ("commitments", "quantity", "unit"),
    ("agreements", "amount", "currency"),
)
SIGNED = ("exchange_of_notes", "loan_agreement", "contract")
RATES = {("USD", "JPY"): (70.0, 365.0), ("USD", "INR"): (3.0, 110.0), ("INR", "JPY"): (1.2, 110.0)}
"""How many units of the second currency one of the first has bought, at the least and the most, since 1947."""


@rule(
    "E901",
    "{value!r} is no currency of ISO 4217",
    "write the three letters, such as JPY, INR or USD",
    bad="YEN",
    good="JPY",
)
def currencies_exist(data: Data) -> Iterator[Finding]:
    """Money goes by the letters of ISO 4217."""
    import pycountry

    known = [currency.alpha_3 for currency in pycountry.currencies]
    for table, _, column in PAIRS:
        if column != "unit" and table not in data.incomplete:
            yield table, column, data.unknown(table, column, known)


@rule(
    "E902",
    "it gives {given} and no {lacking}",
    "give both, or neither",
    bad="an amount of 10000000000000 without a currency; a quantity of 500 without a unit",
    good="10000000000000 JPY; 500 people",
)
def numbers_have_units(data: Data) -> Iterator[Finding]:
    """A number says nothing until it is known of what."""
    for table, number, unit in PAIRS:
        for given, wanted in ((number, unit), (unit, number)):
            rows = data[table].filter(~nw.col(given).is_null(), nw.col(wanted).is_null())
            words = (nw.lit(given).alias("given"), nw.lit(wanted).alias("lacking"))
            yield table, given, rows.with_columns(*words)


@rule(
    "E903",
    "the amount has no {lacking}",
    "say of whose money the source speaks (amount_scope) and whether it is a target, pledge or estimate (basis)",
    bad="JPY 5 trillion, and not whether public, private or both",
    good="JPY 5 trillion, both, target; unclear where the source does not say",
)
def amounts_say_what_they_are(data: Data) -> Iterator[Finding]:
    """A target of private investment and a pledge of public lending are different promises."""
    for column in ("amount_scope", "basis"):
        rows = data["commitments"].filter(~nw.col("amount").is_null(), nw.col(column).is_null())
        yield "commitments", column, rows.with_columns(nw.lit(column).alias("lacking"))


@rule(
    "E904",
    "it repeats the sum of {agreement_id}, which is signed",
    "empty amount, currency, amount_scope and basis here: signed money lives in agreements only",
    bad="a commitment to lend JPY 100 billion that names the loan agreement over JPY 100 billion",
    good="the commitment names the agreement, and the agreement has the sum",
)
def signed_money_lives_in_agreements(data: Data) -> Iterator[Finding]:
    """A sum in two tables is added twice."""
    signed = (
        data["agreements"]
        .filter(nw.col("instrument").is_in([*SIGNED]), ~nw.col("amount").is_null())
        .select("agreement_id", nw.col("amount").alias("signed"))
    )
    rows = data["commitments"].join(signed, on="agreement_id").filter(nw.col("amount") == nw.col("signed"))
    yield "commitments", "amount", rows


@rule(
    "E905",
    "the sum is converted into {value}, which it is in already",
    "converted_amount is for a figure the source gives in another currency; empty both",
    bad="JPY 10 trillion, converted: 10 trillion JPY",
    good="JPY 10 trillion, converted: USD 68 billion, where the source says so",
)
def conversions_change_the_currency(data: Data) -> Iterator[Finding]:
    """A conversion is the same sum in other money, never a second sum."""
    rows = data["commitments"].filter(nw.col("currency") == nw.col("converted_currency"))
    yield "commitments", "converted_currency", rows


@rule(
    "W901",
    "its parts add up to {parts}, not to {whole}",
    "correct a part or the whole, or waive this with what is missing",
    bad="an umbrella of JPY 300 billion over two loans of JPY 100 billion",
    good="the loans under it add up to JPY 300 billion",
)
def parts_add_up(data: Data) -> Iterator[Finding]:
    """Parts that do not make the whole show a missing part, or a zero too many."""
    parts = (
        data["agreements"]
        .filter(~nw.col("parent_id").is_null(), ~nw.col("amount").is_null())
        .group_by("parent_id", "currency")
        .agg(nw.col("amount").sum().alias("sum"))
        .rename({"parent_id": "agreement_id"})
    )
    rows = data["agreements"].join(parts, on=["agreement_id", "currency"])
    # Sources round: half a percent is a rounding, not a part.
    off = rows.filter((nw.col("sum") - nw.col("amount")).abs() > nw.col("amount") * 0.005)
    yield (
        "agreements",
        "amount",
        off.with_columns(
            nw.col("sum").cast(nw.Int64).cast(nw.String).alias("parts"),
            nw.col("amount").cast(nw.Int64).cast(nw.String).alias("whole"),
        ),
    )


@rule(
    "W902",
    "{other_id} is over the same sum in the same half-year, and neither is part of the other",
    "make the notes the parent of the loan agreement, and give the sum in one of them; or waive this if they are two",
    bad="notes and a loan agreement over JPY 89 billion in one month, each with the sum",
    good="the loan agreement has the sum, and the notes as its parent have none or the same",
)
def notes_and_loans_are_one_sum(data: Data) -> Iterator[Finding]:
    """An exchange of notes and the loan agreement that follows it are one sum of money.

    Where the loan has notes of its own and the notes have their own loan, the two are not one sum but two alike.
    """
    signed = bounds(data["agreements"].filter(~nw.col("amount").is_null(), ~nw.col("signed_on").is_null()), "signed_on")
    notes = signed.filter(nw.col("instrument") == "exchange_of_notes").select(
        "amount",
        "currency",
        nw.col("agreement_id").alias("other_id"),
        nw.col("parent_id").alias("other_parent"),
        nw.col("signed_on_earliest").alias("other_first"),
        nw.col("signed_on_latest").alias("other_last"),
    )
    loans = signed.filter(nw.col("instrument") == "loan_agreement")
    same = loans.join(notes, on=["amount", "currency"])
    related = (nw.col("parent_id") == nw.col("other_id")).fill_null(False) | (
        nw.col("other_parent") == nw.col("agreement_id")
    ).fill_null(False)
    pairs = same.filter(
        ~related,
        nw.col("signed_on_earliest") <= nw.col("other_last").dt.offset_by("183d"),
        nw.col("signed_on_latest") >= nw.col("other_first"),
    )
    for column in ("agreement_id", "other_id"):
        own = same.filter(related).select(column, nw.lit(True).alias(f"{column}_has_own")).unique()
        pairs = pairs.join(own, on=column, how="left")
    apart = nw.col("agreement_id_has_own").fill_null(False) & nw.col("other_id_has_own").fill_null(False)
    yield "agreements", "amount", pairs.filter(~apart)


@rule(
    "W903",
    "{shown} makes {rate} {second} for one {first}, which has never been its rate",
    "check the powers of ten (億 is 10^8, 兆 10^12, lakh 10^5, crore 10^7) and the currencies",
    bad="JPY 10 trillion converted into USD 6.8 billion",
    good="JPY 10 trillion converted into USD 68 billion",
)
def conversions_are_possible(data: Data) -> Iterator[Finding]:
    """A zero too many, or 億 taken for 兆, shows in the rate of exchange that a conversion implies."""
    converted = data["commitments"].filter(nw.col("amount") > 0, nw.col("converted_amount") > 0)
    for (first, second), (least, most) in RATES.items():
        for one, other in ((first, second), (second, first)):
            pair = converted.filter(nw.col("currency") == one, nw.col("converted_currency") == other)
            rate = nw.col("converted_amount") / nw.col("amount")
            rate = rate if one == first else nw.col("amount") / nw.col("converted_amount")
            rows = pair.with_columns(rate.alias("exact")).filter((nw.col("exact") < least) | (nw.col("exact") > most))
            yield (
                "commitments",
                "converted_amount",
                rows.with_columns(
                    nw.col("exact").round(2).cast(nw.String).alias("rate"),
                    nw.concat_str(nw.col("currency"), nw.lit(" into "), nw.col("converted_currency")).alias("shown"),
                    nw.lit(first).alias("first"),
                    nw.lit(second).alias("second"),
                ),
            )
