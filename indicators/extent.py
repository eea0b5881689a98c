"""How much of an area a piece of its territory carries: certain bounds, an estimate, and how good the estimate is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.areas import Weight

ZERO, ONE = Fraction(0), Fraction(1)
UNKNOWN = "unknown"
QUALITY_ORDER = ("whole", "law", "measured", "estimated", "placeholder", UNKNOWN)
FIRM = ("whole", "law", "measured")
"""Qualities that may tighten what is certain; an estimate or a placeholder never does."""


@dataclass(frozen=True)
class Extent:
    """The share of its area of origin that a piece carries, in one basis (people, land, ...).

    Attributes:
        lower: What it carries at least, whatever the unknown shares are.
        upper: What it carries at most.
        share: The estimate, or None where no weight says anything.
        quality: One of QUALITY_ORDER, the worst of what the share rests on.
        law: Legal bases of the changes that moved it.
    """

    lower: Fraction
    upper: Fraction
    share: Fraction | None
    quality: str
    law: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """All of the area, for certain."""
        return self.lower == ONE

    @property
    def is_nothing(self) -> bool:
        """None of what is counted, for certain (land without people, say)."""
        return self.upper == ZERO


WHOLE = Extent(ONE, ONE, ONE, "whole")
ANY = Extent(ZERO, ONE, None, UNKNOWN)


def worst(qualities: Iterable[str]) -> str:
    """The worst of several qualities.

    >>> worst(["whole", "estimated", "law"])
    'estimated'
    """
    return max(qualities, key=QUALITY_ORDER.index, default="whole")


def together(extents: Sequence[Extent]) -> Extent:
    """The extent of several pieces of one area that lie together."""
    if len(extents) == 1:
        return extents[0]
    shares = [extent.share for extent in extents]
    known = [share for share in shares if share is not None]
    return Extent(
        min(ONE, sum((extent.lower for extent in extents), ZERO)),
        min(ONE, sum((extent.upper for extent in extents), ZERO)),
        sum(known, ZERO) if len(known) == len(shares) else None,
        worst(extent.quality for extent in extents),
        frozenset().union(*(extent.law for extent in extents)),
    )


def tightened(extents: Sequence[Extent]) -> list[Extent]:
    """The pieces that make up one whole area: each is also bounded by what the others leave.

    A single piece is the whole area, whatever happened to it on the way: a merger that was undone comes back exact.
    """
    if len(extents) == 1:
        return [Extent(ONE, ONE, ONE, "whole", extents[0].law)]
    lower = sum((extent.lower for extent in extents), ZERO)
    upper = sum((extent.upper for extent in extents), ZERO)
    return [
        Extent(
            max(extent.lower, ONE - (upper - extent.upper)),
            min(extent.upper, ONE - (lower - extent.lower)),
            extent.share,
            extent.quality,
            extent.law,
        )
        for extent in extents
    ]


def cut_shares(weights: Sequence[Weight | None]) -> list[Extent]:
    """The extents of the pieces of one cut, in the order of its rows.

    Amounts are used where every piece has one, or carries nothing by its share (the law moved land, not people). A
    single piece without a share gets the rest, and where the known shares already make the whole the others get
    nothing; nothing else is ever assumed, least of all equal parts.

    Args:
        weights: The best weight of each piece, or None.
    """
    shares, qualities = _known(weights)
    shares = _completed(shares, qualities)
    missing = [i for i, share in enumerate(shares) if share is None]
    rest = ONE - sum((share for share in shares if share is not None), ZERO)
    if len(missing) == 1 or rest == ZERO:
        quality = worst(qualities[i] for i in range(len(shares)) if i not in missing)
        for i in missing:
            shares[i], qualities[i] = max(rest, ZERO), quality
    firm = sum((s for s, q in zip(shares, qualities, strict=True) if s is not None and q in FIRM), ZERO)
    pieces = []
    for share, quality in zip(shares, qualities, strict=True):
        if share is not None and quality in FIRM:
            pieces.append(Extent(share, share, share, quality))
        else:
            pieces.append(Extent(ZERO, max(ONE - firm, ZERO), share, quality))
    return pieces


def rest_of(parts: Sequence[Extent], others: Sequence[Extent]) -> Extent:
    """What is left of a cut area once some of its pieces have gone their own way: all the others together.

    Args:
        parts: The pieces that go, as `cut_shares` has them.
        others: The other pieces of the same cut, likewise; at least one.
    """
    if len(others) == 1:
        return others[0]
    left, gone = together(others), together(parts)
    told = left if left.share is not None else gone
    share = left.share if gone.share is None or left.share is not None else max(ONE - gone.share, ZERO)
    return Extent(max(left.lower, ONE - gone.upper), min(left.upper, ONE - gone.lower), share, told.quality)


def shares_of_rest(others: Sequence[Extent], weights: Sequence[Weight | None]) -> list[Extent]:
    """What each of several pieces carries of what they have together, where other pieces went their own way.

    Args:
        others: The pieces, as shares of the whole area.
        weights: The best weight of each of these pieces, or None. Amounts of all of them need no share of the whole.
    """
    amounts = [weight.amount for weight in weights if weight is not None and weight.amount is not None]
    if len(amounts) == len(weights) and any(amounts):
        return cut_shares(weights)
    there = [extent for extent in others if not extent.is_nothing]
    if not there:  # nothing is carried by any of them, which says nothing of how they would share
        return [ANY for _ in others]
    if len(there) == 1:
        quality = worst(extent.quality for extent in others if extent.is_nothing)
        return [extent if extent.is_nothing else Extent(ONE, ONE, ONE, quality) for extent in others]
    whole = together(there)
    lowest, highest = (sum((bound(one) for one in there), ZERO) for bound in (_lower, _upper))
    found = []
    for extent in others:
        lower = extent.lower / (highest - extent.upper + extent.lower)
        upper = extent.upper / (lowest - extent.lower + extent.upper)
        if not whole.share or extent.share is None:
            found.append(Extent(lower, upper, None, UNKNOWN))
        else:
            found.append(Extent(lower, upper, extent.share / whole.share, whole.quality))
    return found


def _lower(extent: Extent) -> Fraction:
    return extent.lower


def _upper(extent: Extent) -> Fraction:
    return extent.upper


def narrowed(piece: Extent, told: Extent) -> Extent:
    """A piece of which more is known: both hold, and a share of the whole area goes before a share of a share."""
    best = piece if told.share is None else told
    return Extent(
        max(piece.lower, told.lower), min(piece.upper, told.upper), best.share, best.quality, piece.law | told.law
    )


def _completed(shares: list[Fraction | None], qualities: Sequence[str]) -> list[Fraction | None]:
    """Shares of all pieces, made one whole: what rounding left of it goes to the shares that may give way.

    Three times 0.333 is a whole that was written short. Firm shares stay as they are where others can take the rest.
    """
    if None in shares:
        return shares
    soft = [quality not in FIRM for quality in qualities]
    known = [share or ZERO for share in shares]
    loose = sum((share for share, gives in zip(known, soft, strict=True) if gives), ZERO)
    fixed = sum(known, ZERO) - loose
    if loose > ZERO and fixed <= ONE:
        return [share * (ONE - fixed) / loose if gives else share for share, gives in zip(known, soft, strict=True)]
    return [share / fixed for share in known] if fixed > ZERO else shares


def _known(weights: Sequence[Weight | None]) -> tuple[list[Fraction | None], list[str]]:
    amounts = [Fraction(w.amount) for w in weights if w is not None and w.amount is not None]
    total = sum(amounts, ZERO)
    if len(amounts) == len(weights) and total > 0:
        return [amount / total for amount in amounts], [w.quality for w in weights if w is not None]
    shares = [Fraction(w.share) if w is not None and w.share is not None else None for w in weights]
    qualities = [
        w.quality if w is not None and share is not None else UNKNOWN for w, share in zip(weights, shares, strict=True)
    ]
    return shares, qualities


def cut(piece: Extent, share: Extent, *, alone: bool) -> Extent:
    """What a cut leaves of a piece.

    Args:
        piece: The piece before the cut.
        share: The share of the cut area that goes this way.
        alone: Whether the piece was all that the cut area held. Otherwise the share says nothing certain about this
            piece (all of its people may live on one side), except where it is nothing or all.
    """
    if share.is_nothing:
        return Extent(ZERO, ZERO, ZERO, share.quality, piece.law | share.law)
    if share.is_whole:
        return Extent(
            piece.lower,
            piece.upper,
            piece.share,
            worst([piece.quality, share.quality]),
            piece.law | share.law,
        )
    estimate = None if piece.share is None or share.share is None else piece.share * share.share
    quality = worst([piece.quality, share.quality])
    if alone:
        return Extent(piece.lower * share.lower, piece.upper * share.upper, estimate, quality, piece.law | share.law)
    if estimate is not None:
        quality = worst([quality, "estimated"])
    return Extent(ZERO, piece.upper, estimate, quality, piece.law | share.law)
