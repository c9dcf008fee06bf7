"""Numbers and sums as reports write them."""

from __future__ import annotations

import pytest

from india_japan_engagements.sums import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3500000000000", ("3500000000000", "")),
        ("0.5", ("0.5", "")),
        ("3兆5,000億円", ("3500000000000", "JPY")),
        ("３．５兆円", ("3500000000000", "JPY")),
        ("1億5千万円", ("150000000", "JPY")),
        ("2,422億円", ("242200000000", "JPY")),
        ("10万", ("100000", "")),
        ("JPY 10 trillion", ("10000000000000", "JPY")),
        ("15.7 million", ("15700000", "")),
        ("USD 75 billion", ("75000000000", "USD")),
        ("US$ 1.2 billion", ("1200000000", "USD")),
        ("Rs 14,250 crore", ("142500000000", "INR")),
        ("Rs. 2,620 crores", ("26200000000", "INR")),
        ("₹5 lakh crore", ("5000000000000", "INR")),
        ("5 lakh crore rupees", ("5000000000000", "INR")),
        ("12,34,567", ("1234567", "")),
        ("2.5 lakh", ("250000", "")),
        ("२,५०० करोड़ रुपये", ("25000000000", "INR")),
        ("50億ルピー", ("5000000000", "INR")),
    ],
)
def test_plain_digits(text: str, expected: tuple[str, str]) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a number or sum"),
        ("-5", "'-5' is not a number or sum"),
        ("1,5 billion", "'1,5 billion' is not a number or sum"),
        ("about 5 trillion", "'about 5 trillion' is not a number or sum"),
        ("5e12", "'5e12' is not a number or sum"),
        ("$42 billion", "'$42 billion' is not a number or sum"),
        ("5億3兆", "'5億3兆' has parts that do not fall in size"),
        ("3億5億", "'3億5億' has parts that do not fall in size"),
        ("JPY 5兆ルピー", "'JPY 5兆ルピー' names two currencies"),
    ],
)
def test_what_is_no_sum(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        plain(text)
    assert str(error.value) == message
