"""Makes the figures of the benchmark: every old commune, 60 months, as many measures as asked; always the same bytes.

`python -m benchmarks.restate.make_data FOLDER --millions 60` writes, outside the repository:

- `catalog/`: the shipped areas, and one additive measure for each hundredth of 60 million rows
- `observations.parquet`: `measure, ref_area, time_period, obs_value, obs_status`, codes as text, whole numbers, sorted
  by measure, period and area; one figure in 2,000 is missing, one in 200 is provisional
- `shuffled.parquet`: the same rows in random order
- `lake.parquet`: the same rows in the columns and types of a data set's table in the lake
- `pairs.parquet`: the crosswalk of the baselines, `from_area, to_area` of every commune that went somewhere whole
- `cut.parquet`: the new communes that also have a piece of a commune that was cut, of which the baselines know nothing
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from indicators.area_files import read_register
from indicators.areas import Register
from indicators.correspondence import correspondence

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
PERIODS = [f"{year}-{month:02d}" for year in range(2020, 2025) for month in range(1, 13)]
MEASURES_FOR_60_MILLION = 100
ROWS_IN_A_GROUP = 1 << 20
SEED = 20250701
MEASURE = """id: {id}
name: {{vi: Đại lượng {number}, en: Measure {number}}}
unit: PERSON
decimals: 0
level: commune
areas: {{rule: sum}}
time: {{rule: flow}}
split: {{weight: population}}
"""

Numbers = npt.NDArray[np.int64]


def measure_ids(millions: int) -> list[str]:
    """One measure for every 600,000 rows or so.

    >>> len(measure_ids(60)), measure_ids(6)[-1]
    (100, 'bench.measure_009')
    """
    return [f"bench.measure_{i:03d}" for i in range(millions * MEASURES_FOR_60_MILLION // 60)]


def make(folder: Path, areas: Path, millions: int, orders: list[str]) -> None:
    """Write everything for one size into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = measure_ids(millions)
    shutil.copytree(areas, folder / "catalog" / "areas", dirs_exist_ok=True)
    (folder / "catalog" / "measures" / "bench").mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(ids):
        file = folder / "catalog" / "measures" / "bench" / f"{one.removeprefix('bench.')}.yaml"
        file.write_text(MEASURE.format(id=one, number=number), encoding="utf-8")
    register = read_register(areas)
    _pairs(register, folder / "pairs.parquet")
    codes = sorted(area.code for area in register.on(OLD).values() if area.level == "commune")
    if "sorted" in orders:
        _write(folder / "observations.parquet", _by_measure(codes, ids))
    if "lake" in orders:
        _write(folder / "lake.parquet", (_as_in_the_lake(t, i) for i, t in enumerate(_by_measure(codes, ids))))
    if "shuffled" in orders:
        _write(folder / "shuffled.parquet", _shuffled(codes, ids))


def _pairs(register: Register, file: Path) -> None:
    areas = correspondence(register, OLD, NEW, "commune", "commune", "population")
    whole = [pair for pair in areas.pairs if pair.whole and pair.from_area and pair.to_area]
    columns = {"from_area": [pair.from_area for pair in whole], "to_area": [pair.to_area for pair in whole]}
    pq.write_table(pa.table(columns), file)
    cut = {pair.to_area for pair in areas.pairs if not pair.whole and pair.upper > 0}
    pq.write_table(pa.table({"ref_area": sorted(cut)}), file.with_name("cut.parquet"))


def _write(file: Path, tables: Iterator[pa.Table]) -> None:
    """All tables as one file with row groups of equal length."""
    held: list[pa.Table] = []
    first = next(tables)
    # Without the schema of Arrow every reader sees plain text, as in a file that any other tool wrote.
    with pq.ParquetWriter(file, first.schema, compression="snappy", store_schema=False) as writer:
        held = [first]
        for table in tables:
            held.append(table)
            if sum(one.num_rows for one in held) >= 4 * ROWS_IN_A_GROUP:
                whole = pa.concat_tables(held).combine_chunks()
                cut = whole.num_rows // ROWS_IN_A_GROUP * ROWS_IN_A_GROUP
                writer.write_table(whole.slice(0, cut), ROWS_IN_A_GROUP)
                held = [whole.slice(cut)]
        writer.write_table(pa.concat_tables(held).combine_chunks(), ROWS_IN_A_GROUP)


def _by_measure(codes: list[str], ids: list[str]) -> Iterator[pa.Table]:
    areas, periods = len(codes), len(PERIODS)
    area = np.tile(np.arange(areas, dtype=np.int32), periods)
    period = np.repeat(np.arange(periods, dtype=np.int32), areas)
    for number in range(len(ids)):
        values, kind = _figures(number, areas)
        yield _table(np.full(len(area), number, np.int32), area, period, values, kind, codes, ids)


def _shuffled(codes: list[str], ids: list[str]) -> Iterator[pa.Table]:
    """All rows in random order, a million at a time, without holding more than numbers in memory."""
    areas, rows = len(codes), len(codes) * len(PERIODS)
    figures = [_figures(number, areas) for number in range(len(ids))]
    values = np.concatenate([one[0].astype(np.int32) for one in figures])
    kinds = np.concatenate([one[1] for one in figures])
    order = np.arange(len(values), dtype=np.int32)
    np.random.default_rng(SEED).shuffle(order)
    for start in range(0, len(order), ROWS_IN_A_GROUP):
        at = order[start : start + ROWS_IN_A_GROUP]
        measure, inside = np.divmod(at, np.int32(rows))
        period, area = np.divmod(inside, np.int32(areas))
        yield _table(measure, area, period, values[at].astype(np.int64), kinds[at], codes, ids)


def _figures(number: int, areas: int) -> tuple[Numbers, npt.NDArray[np.int8]]:
    """The figures of one measure, and what kind each is: 0 normal, 1 provisional, 2 missing."""
    random = np.random.default_rng([SEED, number])
    size = np.random.default_rng(SEED).lognormal(8.5, 0.8, areas)
    rate = random.uniform(0.001, 0.05)
    season = 1 + 0.2 * np.sin(np.arange(len(PERIODS)) * 2 * np.pi / 12)
    values = random.poisson(season[:, None] * size[None, :] * rate).astype(np.int64).ravel()
    chance = random.random(len(values))
    return values, np.select([chance < 1 / 2000, chance < 1 / 2000 + 1 / 200], [2, 1], 0).astype(np.int8)


def _table(
    measure: npt.NDArray[np.int32],
    area: npt.NDArray[np.int32],
    period: npt.NDArray[np.int32],
    values: Numbers,
    kind: npt.NDArray[np.int8],
    codes: list[str],
    ids: list[str],
) -> pa.Table:
    def text(places: npt.NDArray[np.int32] | npt.NDArray[np.int8], names: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(names))

    return pa.table(
        {
            "measure": text(measure, ids),
            "ref_area": text(area, codes),
            "time_period": text(period, PERIODS),
            "obs_value": pa.array(values, mask=kind == 2),
            "obs_status": text(kind, ["A", "P", "O"]),
        }
    )


def _as_in_the_lake(table: pa.Table, number: int) -> pa.Table:
    rows = table.num_rows
    first = number * rows
    same = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["0123456789abcdef"]))
    return pa.table(
        {
            **{name: table[name] for name in ("measure", "ref_area")},
            "area_basis": pa.array(np.full(rows, (OLD - date(1970, 1, 1)).days, np.int32)).cast(pa.date32()),
            "time_period": table["time_period"],
            "obs_value": table["obs_value"].cast(pa.decimal128(38, 9)),
            "obs_status": table["obs_status"],
            "load_id": same,
            "load_seq": pa.array(np.ones(rows, np.int64)),
            "source": pa.array([f"observations.parquet:{row}" for row in range(first + 1, first + rows + 1)]),
        }
    )


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--millions", type=int, default=60, choices=(6, 60, 180))
    parser.add_argument("--orders", nargs="+", default=["sorted"], choices=("sorted", "shuffled", "lake"))
    parser.add_argument("--areas", type=Path, default=Path(__file__).parents[2] / "catalog" / "areas")
    given = parser.parse_args()
    make(given.folder, given.areas, given.millions, given.orders)


if __name__ == "__main__":
    main()
