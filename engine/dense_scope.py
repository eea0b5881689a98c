"""For which measures dense blocks say all that the general path says; everything else stays with the general path."""

from __future__ import annotations

from engine.dense_sum import Block
from engine.frames import STATUSES
from indicators.correspondence import Correspondence
from indicators.definitions import Measure

_SUPPRESSED = STATUSES.index("Q")


def is_plain_sum(measure: Measure) -> bool:
    """Whether a measure adds up: not counts of areas and not flows between areas, whose sums lose something."""
    return measure.areas.rule == "sum" and not measure.counts and not measure.internal_flow


def rule_fits(measure: Measure, areas: Correspondence) -> bool:
    """Whether a measure is a plain sum over these areas.

    Not with placeholder shares, which findings must name; and no breakdown that is cut by real shares, since it is
    rounded as a table (`engine.crossed_tables`).
    """
    if not is_plain_sum(measure) or "placeholder" in areas.qualities:
        return False
    return not measure.dimensions or all(pair.share in (None, 0, 1) for pair in areas.pairs)


def figures_fit(block: Block, measure: Measure) -> bool:
    """Whether figures need no more than to be added up: none is suppressed, none is negative without leave."""
    if block.status is not None and (block.status == _SUPPRESSED).any():
        return False
    return measure.signed or block.smallest >= 0
