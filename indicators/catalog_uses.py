"""Who uses a definition: what else must be looked at when it changes."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.definitions import DataModel, Indicator, Measure, Report


def uses_of_measure(
    measure: str, measures: Iterable[Measure], indicators: Iterable[Indicator], models: Iterable[DataModel]
) -> tuple[str, ...]:
    """Ids of what uses a measure, each with its kind: `indicator population.density`."""
    found = [
        f"indicator {indicator.id}"
        for indicator in indicators
        if any(given.measure == measure for version in indicator.versions for given in version.inputs.values())
    ]
    found += [f"measure {other.id}" for other in measures if measure in (other.areas.by, other.split_weight)]
    found += [f"model {model.id}" for model in models if any(item.measure == measure for item in model.items.values())]
    return tuple(sorted(found))


def uses_of_indicator(indicator: str, reports: Iterable[Report]) -> tuple[str, ...]:
    """Ids of the report forms that show an indicator."""
    return tuple(
        sorted(
            f"report {report.id}"
            for report in reports
            if any(column.indicator == indicator for column in report.columns)
        )
    )
