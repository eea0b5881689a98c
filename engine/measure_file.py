"""A Parquet file that holds many measures: which ones, where in the file, and the rows of one of them as a source."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.block_columns import figure_scale, is_text
from engine.candidates import check_columns
from engine.frames import empty
from engine.parquet_source import text_source
from engine.sources import Source, refuse
from indicators.definitions import DataModel, Item, Measure, Name
from indicators.findings import DataFault, Finding
from indicators.suggestions import guess

MEASURE = "measure"
_OF_THE_LAKE = ("dataset", "area_basis", "load_id", "load_seq", "source")


def has_measures(file: Path) -> bool:
    """Whether a file is Parquet and names a measure in every row."""
    if file.suffix.lower() != ".parquet" or not file.is_file():
        return False
    try:
        return MEASURE in pq.read_schema(file).names
    except (pa.ArrowException, OSError) as error:
        refuse(file, "source.parquet", why=str(error).splitlines()[0])


def model_of(file: Path, measures: Mapping[str, Measure], day: date) -> DataModel:
    """The standard long form of several measures, with the dimension columns that the file has.

    The other area of a move is one of them.

    Args:
        file: Also a file in the columns of the lake, whose columns of provenance are not used.
        measures: By id.
        day: The day whose areas the codes mean.

    Raises:
        DataFault: A column is missing or unknown.
    """
    names = tuple(pq.read_schema(file).names)
    broken_down = {name for measure in measures.values() for name in (*measure.dimensions, measure.internal_flow)}
    dimensions = sorted(name for name in broken_down if name in names and name is not None)
    model = DataModel(
        id=MEASURE,
        name=Name("nhiều đại lượng", "many measures"),
        source="",
        area_basis=day,
        layout="long",
        items={name: Item(name) for name in measures},
        item_column=MEASURE,
        dimension_columns={name: name for name in dimensions},
        other_columns=_OF_THE_LAKE,
    )
    check_columns(Source(file.name, "", names, empty({})), model)
    return model


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file without reading its figures.

    Attributes:
        last_groups: Each measure, with the last row group that holds it.
        kinds: Column to type.
        largest: No figure is larger; None: the file does not say.
    """

    last_groups: Mapping[str, int]
    kinds: Mapping[str, pa.DataType]
    largest: Decimal | None

    @property
    def scale(self) -> int:
        """Decimals of the column of figures; 0 where it holds no numbers."""
        return figure_scale(self.kinds["obs_value"]) or 0

    @property
    def has_numbers(self) -> bool:
        """Whether figures are whole numbers or decimals, and everything else that counts is text."""
        others = [kind for name, kind in self.kinds.items() if name not in (*_OF_THE_LAKE, "obs_value")]
        return figure_scale(self.kinds["obs_value"]) is not None and all(is_text(kind) for kind in others)

    def largest_total(self, areas: int, decimals: int) -> int | None:
        """No sum of figures of so many areas is larger, in units of the last of so many decimals."""
        return None if self.largest is None else int(self.largest * areas * 10**decimals) + 1


def survey(file: Path, day: date) -> FileFacts:
    """Look through the measures of a file.

    Raises:
        DataFault: A row names no measure, or is of the areas of another day.
    """
    with pq.ParquetFile(file, memory_map=True) as parquet:
        kinds = {field.name: field.type for field in parquet.schema_arrow}
        groups, largest, metadata = range(parquet.num_row_groups), _largest(parquet), parquet.metadata
    with ThreadPoolExecutor(2) as threads:
        names = threads.map(lambda group: _names(file, metadata, group, kinds, day), groups)
        last = {name: group for group, found in zip(groups, names, strict=True) for name in found}
    return FileFacts(last, kinds, largest)


def _names(file: Path, metadata: pq.FileMetaData, group: int, kinds: Mapping[str, pa.DataType], day: date) -> set[str]:
    """The measures in a row group."""
    columns = [name for name in (MEASURE, "area_basis") if name in kinds]
    found: set[str] = set()
    with pq.ParquetFile(file, metadata=metadata, read_dictionary=[MEASURE], memory_map=True) as parquet:
        for batch in parquet.iter_batches(1 << 20, row_groups=[group], columns=columns):
            _require_day(file, batch, day)
            names = set(pc.unique(batch[MEASURE]).to_pylist())
            if not all(names):
                before = sum(parquet.metadata.row_group(one).num_rows for one in range(group))
                raise DataFault(_no_measure(file, before))
            found |= names
    return found


def _largest(parquet: pq.ParquetFile) -> Decimal | None:
    """The largest figure without its sign, by the statistics of the row groups."""
    column = parquet.schema_arrow.get_field_index("obs_value")
    found = Decimal(0)
    for group in range(parquet.num_row_groups):
        statistics = parquet.metadata.row_group(group).column(column).statistics
        if statistics is None or not statistics.has_min_max or isinstance(statistics.max, (str, bytes, float)):
            return None
        found = max(found, abs(Decimal(statistics.min)), abs(Decimal(statistics.max)))
    return found


def require_measures(
    facts: FileFacts, measures: Mapping[str, Measure], file: Path, *, all_of_file: bool
) -> dict[str, Measure]:
    """The measures to restate.

    Args:
        facts: Those of the file.
        measures: By id: those asked for, or the whole catalog.
        file: The file.
        all_of_file: Every measure of the file is asked for.

    Raises:
        DataFault: One finding for each measure of the file that the catalog lacks, or that the file lacks.
    """
    if all_of_file:
        lacking, place_vi, place_en = set(facts.last_groups) - set(measures), "danh mục", "catalog"
    else:
        lacking, place_vi, place_en = set(measures) - set(facts.last_groups), "tệp", "file"
    findings = []
    for name in sorted(lacking):
        near_vi, near_en = guess(name, measures if all_of_file else facts.last_groups)
        vi = f"{place_vi} không có đại lượng «{name}»: {near_vi}"
        en = f"the {place_en} has no measure '{name}': {near_en}"
        findings.append(Finding("restate.unknown-measure", "error", vi, en, file=str(file), subject=name))
    if findings:
        raise DataFault(findings)
    return {name: measure for name, measure in measures.items() if name in facts.last_groups}


def rows_of(file: Path, measure: str) -> Source:
    """The rows of one measure as text, with their numbers in the file."""
    number = "#number"
    frame = pl.scan_parquet(file).with_row_index(number, offset=1).filter(pl.col(MEASURE) == measure).collect()
    return text_source(file, frame.drop(number), "", frame[number].cast(pl.Int64))


def _require_day(file: Path, batch: pa.RecordBatch, day: date) -> None:
    if "area_basis" not in batch.schema.names:
        return
    others = [found for found in pc.unique(batch["area_basis"]).to_pylist() if str(found) != str(day)]
    if others:
        vi = f"cột area_basis có ngày {others[0]}, khác ngày {day} của --from; tách tệp theo ngày"
        en = f"column area_basis has {others[0]}, not the day {day} of --from; split the file by day"
        raise DataFault(Finding("restate.other-day", "error", vi, en, file=str(file)))


def _no_measure(file: Path, row: int) -> Finding:
    vi = f"có dòng sau dòng {row} để trống cột {MEASURE}; mỗi dòng phải có mã đại lượng"
    en = f"a row after row {row} has an empty {MEASURE}; every row must name its measure"
    return Finding("restate.no-measure", "error", vi, en, file=str(file), row=row)
