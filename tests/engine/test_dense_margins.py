"""A block says of its margins what the same figures in rows say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from engine.dense_margins import _in_rows, block_margins
from engine.dense_sum import Block
from engine.frames import STATUSES
from engine.margins import margin_findings
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name

NAME = Name("x", "x")
LISTS = {
    "CL_SEX": Codelist("CL_SEX", {code: Code(code, NAME) for code in ("F", "M")}),
    "CL_AGE": Codelist("CL_AGE", {code: Code(code, NAME, code[:-1]) for code in ("Y", "O", "O1", "O2")}),
}
BIRTHS = Measure("births", NAME, "PERSON", 0, "commune", AreaRule("sum"), "flow", {"age": "CL_AGE", "sex": "CL_SEX"})
TEXTS = ["", "sex=F", "sex=M", "age=Y", "age=O", "age=O1", "age=O2", "age=O1;sex=F", "age=O1;sex=M"]
CODES = [f"A{n}" for n in range(30)]


@pytest.mark.parametrize("seed", range(12))
def test_the_same_is_said_of_a_block_and_of_its_rows(seed: int) -> None:
    random = Random(seed)  # noqa: S311  # figures to test with
    series = [(period, text) for period in ("2023", "2024") for text in TEXTS if random.random() < 0.9]
    shape = (len(series), len(CODES) + 1)
    values = np.array([[random.choice([0, 1, 2, 2, 4]) for _ in range(shape[1])] for _ in range(shape[0])], np.int64)
    missing = np.array([[random.random() < 0.1 for _ in range(shape[1])] for _ in range(shape[0])])
    values[missing] = 0
    values[:, -1], missing[:, -1] = 0, False
    status = np.array([[random.random() < 0.1 for _ in range(shape[1])] for _ in range(shape[0])]) * np.int8(1)
    block = Block(values, missing, None if seed % 2 else status * np.int8(STATUSES.index("P")))
    measure = replace(BIRTHS, decimals=seed % 3)
    said = block_margins(block, CODES, series, measure, LISTS)
    assert said == margin_findings(_in_rows(block, CODES, series, measure), measure, LISTS)
    assert said


def test_nothing_is_said_of_figures_that_agree() -> None:
    series = [("2024", text) for text in ("", "sex=F", "sex=M")]
    values = np.array([[3, 30, 0], [1, 10, 0], [2, 0, 0]], np.int64)
    missing = np.array([[False, False, False], [False, False, False], [False, True, False]])
    assert block_margins(Block(values, missing, None), ["A", "B"], series, BIRTHS, LISTS) == ()
    (told,) = block_margins(Block(values, missing & False, None), ["A", "B"], series, BIRTHS, LISTS)
    assert (told.ref_area, told.time_period) == ("B", "2024")
    assert "given is 30, but its categories by sex add up to 10" in told.en
    assert block_margins(Block(values[:1], missing[:1], None), ["A", "B"], series[:1], BIRTHS, LISTS) == ()
