"""A filled form as SDMX-CSV 2.0: one row for each value, codes and numbers as they are."""

from __future__ import annotations

import csv
import io

from submitters.form import FilledReport

_COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "REF_AREA", "AREA_BASIS", "TIME_PERIOD", "DIMENSIONS",
    "OBS_VALUE", "OBS_LOWER", "OBS_UPPER", "OBS_STATUS", "BASIS", "COVERAGE", "UNIT_MEASURE", "DECIMALS",
)  # fmt: skip


def sdmx_csv(form: FilledReport) -> bytes:
    """The form's values in SDMX-CSV 2.0, by row and column of the form.

    The structure is chitieu's own, one for each report form; no agency has published it. A column without any figure
    is reported for the report's period, with status O.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    structure = f"CHITIEU:{form.report.id.upper().replace('.', '_')}(1.0.0)"
    for row in form.rows:
        for column, cell in zip(form.columns, row.cells, strict=True):
            numbers = [cell.obs_value, cell.obs_lower, cell.obs_upper]
            writer.writerow(
                [
                    "dataflow", structure, "I", column.indicator, row.ref_area, form.area_basis.isoformat(),
                    column.time_period or form.closing.period.text, column.dimensions,
                    *("" if number is None else f"{number:f}" for number in numbers),
                    cell.obs_status, cell.basis, "" if cell.coverage is None else f"{cell.coverage:f}",
                    column.unit.id, column.decimals,
                ]
            )  # fmt: skip
    return out.getvalue().encode()
