"""The status, basis and coverage of a computed figure, from those of its inputs.

The basis is the worst of the inputs', the coverage the smallest. The status:

- Without a value: M where an input is refused or where the figure cannot exist (a division by zero); else the last in
  the order of `engine.frames.STATUSES` among the inputs if that is one of a missing value (Q before O before L before
  M), else O. An input that is suppressed leaves no value, whatever the formula.
- With a value: the last in that order among the inputs that have one; at least P (provisional) where an input is
  missing, be it by `when_missing: partial` or by COALESCE, and then the basis is partial.
- Carried forward: I (imputed), basis estimated; see `engine.carrying`.
"""

from __future__ import annotations

import polars as pl

from engine.formula_rows import Note
from engine.frames import BASES, COVERAGE, MISSING_STATUSES, STATUSES

PARTIAL, REFUSED = BASES.index("partial"), BASES.index("refused")
FIRST_MISSING, SUPPRESSED = STATUSES.index(MISSING_STATUSES[0]), STATUSES.index("Q")
OPEN, PROVISIONAL = STATUSES.index("O"), STATUSES.index("P")


def marked(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Mark computed rows.

    Args:
        rows: `status_i`, `basis_i` (places in `STATUSES` and `BASES`) and `coverage_i` of every input i, the
            `result` and its `note`.
        count: How many inputs there are.

    Returns:
        The rows with `status`, `place` (of the basis) and `coverage`.
    """
    statuses = [pl.col(f"status_{place}") for place in range(count)]
    missing = [status >= FIRST_MISSING for status in statuses]
    shown = pl.max_horizontal(
        pl.when(absent).then(PROVISIONAL).otherwise(status) for absent, status in zip(missing, statuses, strict=True)
    )
    worst, place = pl.max_horizontal(statuses), pl.max_horizontal(pl.col(f"basis_{at}") for at in range(count))
    has_value, partial = pl.col("result").is_not_null(), pl.col("note") == Note.PARTIAL
    impossible = pl.col("note").is_in([Note.IMPOSSIBLE, Note.TOO_LARGE])
    status = (
        pl.when(has_value & partial).then(pl.max_horizontal(shown, pl.lit(PROVISIONAL)))
        .when(has_value).then(shown)
        .when((place == REFUSED) | impossible).then(FIRST_MISSING)
        .when(worst >= FIRST_MISSING).then(worst)
        .otherwise(OPEN)
    )  # fmt: skip
    basis = (
        pl.when(pl.col("note") == Note.TOO_LARGE).then(REFUSED)
        .when(~(has_value | impossible) | partial).then(pl.max_horizontal(place, pl.lit(PARTIAL)))
        .otherwise(place)
    )  # fmt: skip
    return rows.with_columns(
        status=status.cast(pl.Int64),
        place=basis.cast(pl.Int64),
        coverage=pl.min_horizontal(pl.col(f"coverage_{at}") for at in range(count)).cast(COVERAGE),
    )
