"""`chitieu areas missing-weights`: the cuts of which nobody has said how much each piece carries, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.area_answers import areas_folder
from console.output import Format, parse_day, plain, say, settings, show_rows
from indicators.findings import Finding, UsageFault

if TYPE_CHECKING:
    from engine.uncertain_splits import Uncertain
    from indicators.areas import Register
    from indicators.catalog import Catalog
    from indicators.definitions import Measure
    from indicators.missing_weights import MissingSplit

COLUMNS = (
    "from_area", "from_name", "province", "effective", "pieces", "known_shares", "basis", "time_period",
    "unallocated", "share_of_total", "legal_basis",
)  # fmt: skip


def show_missing_weights(
    from_day: Annotated[str, typer.Option("--from", metavar="DAY", help="ngày của địa bàn gốc / day of areas")] = "",
    to_day: Annotated[str, typer.Option("--to", metavar="DAY", help="đến hết ngày / up to and on this day")] = "",
    basis: Annotated[str, typer.Option(help="population, area…; mặc định: mọi cơ sở / default: every one")] = "",
    measure: Annotated[str, typer.Option(help="xếp theo số chưa phân bổ của đại lượng / rank by its figures")] = "",
    template: Annotated[Path | None, typer.Option(help="tệp CSV để điền / a CSV of weights.csv to fill in")] = None,
    form: Annotated[Format, typer.Option("--format", help="table | csv | json")] = Format.table,
) -> None:
    """Địa bàn bị chia còn thiếu tỷ lệ, xếp theo mức gây bất định. / Splits that lack a weight, the worst first."""
    from console.file_places import check_output
    from indicators.catalog import load_catalog
    from indicators.missing_weights import missing_weights, weights_template

    areas_folder(settings.workspace)
    if template is not None:
        check_output(template, settings.workspace, {}, "--template")
    catalog = load_catalog(settings.workspace / "catalog")
    first = parse_day(from_day, "--from") if from_day else None
    last = parse_day(to_day, "--to") if to_day else None
    chosen = _measure(catalog, measure) if measure else None
    bases = _bases(catalog, basis, chosen)
    splits = [split for one in bases for split in missing_weights(catalog.register, one, first, last)]
    ranked = _ranked(catalog, chosen, splits)
    if template is not None:
        template.write_text(weights_template(splits), encoding="utf-8", newline="\n")
    show_rows(COLUMNS, [_row(catalog.register, one) for one in ranked], form)
    _summarise(ranked, bases, template)


def _measure(catalog: Catalog, name: str) -> Measure:
    found = catalog.measures.get(name)
    known = ", ".join(one.id for one in catalog.measures.values() if one.split_weight) or "-"
    if found is None:
        vi = f"--measure: không có đại lượng «{name}»; các đại lượng được chia theo tỷ lệ: {known}"
        en = f"--measure: there is no measure '{name}'; those that are split by a weight: {known}"
    elif found.split_weight is None:
        vi = f"--measure: {name} không chia phần bị cắt (split: {{refuse: true}}); các đại lượng được chia: {known}"
        en = f"--measure: {name} is never split (split: {{refuse: true}}); those that are: {known}"
    elif found.areas.rule != "sum":
        vi = f"--measure: {name} không cộng được nên không có số chưa phân bổ; dùng --basis {found.split_weight}"
        en = f"--measure: {name} does not add up, so nothing of it is unallocated; use --basis {found.split_weight}"
    else:
        return found
    raise UsageFault(Finding("usage.measure", "error", vi, en, subject=name))


def _bases(catalog: Catalog, basis: str, measure: Measure | None) -> list[str]:
    """What the shares are of: as asked, the measure's, or every one that a measure or a weight names."""
    if measure is not None:
        basis = basis or measure.split_weight or ""
    if basis:
        return [basis]
    named = {one.split_weight for one in catalog.measures.values() if one.split_weight}
    bases = sorted(named | {weight.basis for weight in catalog.register.weights})
    if not bases:
        vi = "chưa đại lượng hay dòng nào của weights.csv nêu cơ sở tỷ lệ; hãy thêm --basis, ví dụ population"
        en = "no measure and no row of weights.csv names a basis; add --basis, for example population"
        raise UsageFault(Finding("usage.basis", "error", vi, en))
    return bases


def _ranked(catalog: Catalog, measure: Measure | None, splits: list[MissingSplit]) -> list[Uncertain]:
    from engine.uncertain_splits import Uncertain, uncertain_splits

    if measure is None:
        return [Uncertain(split) for split in splits]
    from engine.lake import reading
    from engine.observed import observations_of
    from engine.observed_weights import observed_weights
    from engine.workspace import Workspace

    workspace = Workspace.open(settings.workspace)
    with reading(workspace) as connection:
        observations = observations_of(connection, workspace, measure.id)
        weighing = catalog.measures.get(measure.split_weight or "")
        observed = observed_weights(observations_of(connection, workspace, weighing.id), weighing) if weighing else None
    ranked = uncertain_splits(observations, measure, catalog.register, splits, observed)
    if splits and all(one.unallocated is None for one in ranked):
        say(f"kho chưa có số liệu {measure.id} (cấp {measure.level}) của địa bàn nào bị chia: xếp theo số mảnh",
            f"the lake has no figure of {measure.id} (level {measure.level}) of any area cut: ranked by pieces",
        )  # fmt: skip
    return ranked


def _row(register: Register, one: Uncertain) -> Sequence[object]:
    split, vi = one.split, settings.language == "vi"
    known = ", ".join(f"{code}={share} ({quality})" for code, share, quality in split.known)
    return (
        split.area.code, split.area.name_vi if vi else split.area.name_en,
        (split.within.name_vi if vi else split.within.name_en) if split.within != split.area else "", split.effective,
        ", ".join(_named(register, code, split, vi) for code in split.pieces), known, split.basis,
        one.time_period, one.unallocated, one.share, "; ".join(split.law),
    )  # fmt: skip


def _named(register: Register, code: str, split: MissingSplit, vi: bool) -> str:
    area = register.area(code, split.effective) if code else None
    return f"{code} {area.name_vi if vi else area.name_en}" if area is not None else "—"


def _summarise(ranked: list[Uncertain], bases: list[str], template: Path | None) -> None:
    pieces = sum(len(one.split.pieces) for one in ranked)
    listed = ", ".join(bases)
    say(f"{len(ranked):,} địa bàn bị chia còn thiếu tỷ lệ ({listed}), {pieces:,} mảnh chưa có tỷ lệ",
        f"{len(ranked):,} splits lack a share ({listed}), {pieces:,} pieces without one")  # fmt: skip
    figures = [one.unallocated for one in ranked if one.unallocated is not None]
    if figures:
        total, share = plain(sum(figures)), sum(one.share or 0 for one in ranked) * 100
        say(f"chưa phân bổ: {total} ({share:.4f} % tổng); {len(ranked) - len(figures):,} địa bàn không có số liệu",
            f"unallocated: {total} ({share:.4f} % of the total); {len(ranked) - len(figures):,} have no figure",
        )  # fmt: skip
    if template is not None:
        say(f"đã ghi {template}: điền value hoặc share, quality, source rồi thêm vào catalog/areas/weights.csv",
            f"wrote {template}: fill in value or share, quality, source, then add it to catalog/areas/weights.csv",
        )  # fmt: skip
