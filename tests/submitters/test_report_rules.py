"""The receiver's rules: a document that is wrong in any way is rejected, with what and where."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from indicators.catalog import Catalog
from submitters.documents import read_document
from submitters.fill import fill
from submitters.form import Reporter, Value
from submitters.render import render
from submitters.report_rules import check_document

Change = Callable[[Any], None]


@pytest.fixture
def document(catalog: Catalog, values: list[Value]) -> Any:
    form = fill(catalog.reports["bao_cao_nam"], "2024", catalog, values, Reporter("T15", "Tỉnh mẫu"))
    return json.loads(render(form, "json"))


def test_our_own_document_breaks_no_rule(catalog: Catalog, document: Any) -> None:
    assert check_document(document, catalog) == []


def number(document: Any, row: int, column: int, **fields: object) -> None:
    document["data"][row]["values"][column].update(fields)


CHANGES: dict[str, tuple[Change, str]] = {
    "unknown report": (lambda d: d["report"].update(id="other"), "receiver.report"),
    "another kind of period": (lambda d: d["period"].update(id="2024-Q1"), "usage.period-kind"),
    "another period": (lambda d: d["period"].update(id="2023"), "receiver.heading"),
    "a window of its own": (lambda d: d["period"].update(window_to="2024-12-31"), "receiver.heading"),
    "a deadline of its own": (lambda d: d["period"].update(deadline="2024-12-31"), "receiver.heading"),
    "for another receiver": (lambda d: d.update(receiver="other"), "receiver.heading"),
    "areas of the day before": (lambda d: d.update(area_basis="2025-06-30"), "receiver.area-basis"),
    "an area left out": (lambda d: d["data"].pop(), "receiver.area-missing"),
    "an area twice": (lambda d: d["data"].append(d["data"][0]), "receiver.area-twice"),
    "a code that is no more": (lambda d: d["data"][1].update(ref_area="10"), "receiver.area-unknown"),
    "an area under its former name": (lambda d: d["data"][1]["name"].update(vi="Tỉnh Yên Bái"), "receiver.area-name"),
    "a column left out": (lambda d: d["indicators"].pop(), "receiver.columns"),
    "another unit": (lambda d: d["indicators"][0].update(unit="KM2"), "receiver.columns"),
    "a definition that is none": (lambda d: d["indicators"][0].update(version="2020-01-01"), "receiver.columns"),
    "an older year under this year's name": (
        lambda d: d["indicators"][0].update(time_period="2023"), "receiver.columns"),
    "a value left out": (lambda d: d["data"][0]["values"].pop(), "receiver.columns"),
    "a total that does not balance": (lambda d: d["totals"][0].update(obs_value="13843301"), "receiver.balance"),
    "a figure changed on the way": (lambda d: number(d, 0, 0, obs_value="8717601", obs_upper="8717601"),
                                    "receiver.balance"),
    "missing taken as zero": (lambda d: d["totals"][1].update(obs_value="1625097", counted=3), "receiver.balance"),
    "a total of densities": (lambda d: d["totals"].append({**d["totals"][0], "column": "c2"}), "receiver.totals"),
    "a value that was refused": (lambda d: number(d, 1, 4, obs_value="60.00"), "receiver.value"),
    "a value that is missing": (lambda d: number(d, 2, 1, obs_value="60.00"), "receiver.value"),
    "no value, and all is well": (lambda d: number(d, 2, 1, obs_status="A"), "receiver.value"),
    "too many decimals": (lambda d: number(d, 0, 1, obs_value="2595.213"), "receiver.value"),
    "above its bounds": (lambda d: number(d, 0, 1, obs_upper="2595.00"), "receiver.value"),
    "below its bounds": (lambda d: number(d, 0, 1, obs_lower="2596.00"), "receiver.value"),
    "bounds crossed": (lambda d: number(d, 1, 2, obs_lower="99002"), "receiver.value"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_document_is_rejected(catalog: Catalog, document: Any, name: str) -> None:
    change, rule = CHANGES[name]
    change(document)
    read_document(json.dumps(document).encode())  # the schema alone does not see it
    assert rule in [finding.rule for finding in check_document(document, catalog)]


def test_every_problem_is_reported_at_once(catalog: Catalog, document: Any) -> None:
    document["period"].update(window_to="2024-12-31")
    document["data"][1].update(ref_area="10")
    rules = {finding.rule for finding in check_document(document, catalog)}
    assert rules == {"receiver.heading", "receiver.area-unknown", "receiver.area-missing"}


def test_the_server_rejects_what_is_malformed_with_findings(document: Any, start_sandbox: Callable[..., Any]) -> None:
    sandbox = start_sandbox()
    key = "5f0c2c5e-3f3f-5b7e-9a53-0c4e7a8f1d11"
    good = {"Content-Type": "application/json", "Idempotency-Key": key, "Chitieu-Revision": "1"}

    def post(body: bytes, **headers: str) -> tuple[int, list[str]]:
        sent = good | {name.replace("_", "-"): text for name, text in headers.items()}
        answer = httpx.post(sandbox.url + "/submissions", content=body, headers=sent, trust_env=False)
        return answer.status_code, [finding["rule"] for finding in answer.json().get("findings", [])]

    body = json.dumps(document).encode()
    assert post(b"{") == (422, ["document.not-json"])
    assert post(b"{}")[1][0] == "document.schema"
    assert post(body, Content_Type="text/xml") == (422, ["receiver.envelope"])
    assert post(body, Idempotency_Key="../../etc/passwd") == (422, ["receiver.envelope"])
    assert post(body, Chitieu_Revision="0") == (422, ["receiver.envelope"])
    assert post(body, Content_Digest="sha-256=:AAAA:") == (422, ["receiver.envelope"])
    document["data"].pop()
    assert "receiver.area-missing" in post(json.dumps(document).encode())[1]
    assert sandbox.accepted() == []
    assert post(body) == (201, [])
    assert post(body) == (200, [])
    assert post(body + b" ") == (422, ["receiver.key-reused"])
    other = key.replace("5f", "6f")
    assert post(body, Idempotency_Key=other) == (409, [])
    assert len(sandbox.accepted()) == 1
    page = httpx.get(sandbox.url, trust_env=False)
    assert "không phải là Hệ thống thông tin báo cáo quốc gia" in page.text
    assert "bao_cao_nam" in page.text
    assert httpx.get(f"{sandbox.url}/submissions/{key}", trust_env=False).json()["state"] == "accepted"
    assert httpx.get(f"{sandbox.url}/submissions/{key}/payload", trust_env=False).content == body
    unknown = httpx.get(f"{sandbox.url}/submissions/{other}", trust_env=False)
    assert (unknown.status_code, unknown.json()) == (404, {"known": False, "idempotency_key": other})
