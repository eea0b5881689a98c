"""From the lake to a receipt, against the sandbox in its own process."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.workspace import Workspace
from indicators.catalog import Catalog
from indicators.findings import DataFault, SystemFault, UsageFault
from submitters.delivery import Patience
from submitters.form import Value
from submitters.ledger_lists import outbox, receipt_list
from submitters.submit import submit

Start = Callable[..., Any]
HASTY = Patience(attempts=6, seconds=30, first_wait=0.01, longest_wait=0.1)
ROOT = Path(__file__).parents[2]


def states(workspace: Workspace) -> list[object]:
    return [row[5] for row in (*receipt_list(workspace.ledger), *outbox(workspace.ledger))]


def receiver(workspace: Workspace, url: str, more: str = "", seconds: int = 20) -> None:
    """Name the sandbox in `chitieu.toml`."""
    file = workspace.root / "chitieu.toml"
    head = file.read_text("utf-8").partition("[receivers")[0]
    file.write_text(f'{head}[receivers.sandbox]\nurl = "{url}"\nseconds = {seconds}\n{more}\n', encoding="utf-8")


def test_accepted_once_and_the_second_time_nothing_is_sent(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start
) -> None:
    sandbox = start_sandbox()
    receiver(workspace, sandbox.url)
    first = submit(workspace, catalog, "bao_cao_nam", "2024")
    assert first.done == "sent"
    assert first.receipt is not None
    assert first.receipt.sha256 == first.sha256
    assert sandbox.requests() == ["POST 201"]
    sandbox.process.kill()  # not even a connection is needed
    again = submit(workspace, catalog, "bao_cao_nam", "2024")
    assert (again.done, again.receipt) == ("already_accepted", first.receipt)
    assert sandbox.requests() == ["POST 201"]
    assert states(workspace) == ["accepted"]


def test_a_dry_run_sends_and_stores_nothing(workspace: Workspace, catalog: Catalog, start_sandbox: Start) -> None:
    sandbox = start_sandbox()
    outcome = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url, dry_run=True)
    assert (outcome.done, outcome.revision, outcome.receipt) == ("dry_run", 1, None)
    assert sandbox.requests() == []
    assert not workspace.ledger.exists()
    sent = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert (sent.sha256, sent.idempotency_key) == (outcome.sha256, outcome.idempotency_key)


@pytest.mark.parametrize(
    ("faults", "posts"),
    [
        (["503", "429", "html", "drop"], 5),
        (["accept-then-drop"], 1), (["accept-then-500"], 1), (["accept-then-html"], 1), (["accept-slowly"], 1),
        (["wrong-digest"], 1), (["accept-then-drop", "status-503", "status-html"], 1),
        (["drop", "status-503", "status-html"], 2),
    ],
)  # fmt: skip
def test_every_fault_ends_in_exactly_one_acceptance(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, faults: list[str], posts: int
) -> None:
    sandbox = start_sandbox(*faults, seconds=2)
    receiver(workspace, sandbox.url, seconds=1 if "accept-slowly" in faults else 20)
    outcome = submit(workspace, catalog, "bao_cao_nam", "2024", patience=HASTY)
    assert outcome.receipt is not None
    assert [one["receipt_id"] for one in sandbox.accepted()] == [outcome.receipt.receipt_id]
    assert states(workspace) == ["accepted"]
    if "accept-slowly" not in faults:  # that one is logged when it answers at last
        assert sandbox.posts() == posts


def test_a_receiver_that_is_down_leaves_it_ready_and_the_next_command_sends_it(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SystemFault, match=r"submit\.unsettled"):
        submit(workspace, catalog, "bao_cao_nam", "2024", f"http://127.0.0.1:{port}", patience=HASTY)
    assert states(workspace) == ["ready"]
    assert submit(workspace, catalog, "bao_cao_nam", "2024", start_sandbox(port=port).url).revision == 1


def test_an_address_is_a_receiver_of_its_own(workspace: Workspace, catalog: Catalog, start_sandbox: Start) -> None:
    named, other = start_sandbox(), start_sandbox(folder="elsewhere")
    receiver(workspace, named.url)
    first = submit(workspace, catalog, "bao_cao_nam", "2024")
    second = submit(workspace, catalog, "bao_cao_nam", "2024", other.url)
    assert (first.done, second.done, second.revision) == ("sent", "sent", 1)
    assert (named.posts(), other.posts()) == (1, 1)
    assert [row[3] for row in receipt_list(workspace.ledger)] == ["sandbox", other.url]
    for again in (other.url.replace("http://", "HTTP://") + "/", named.url, None):  # an address that has a name is it
        assert submit(workspace, catalog, "bao_cao_nam", "2024", again).done == "already_accepted"


def test_a_receiver_that_moved_to_another_address_has_what_it_had(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, republish: Callable[[list[Value]], None],
    values: list[Value],
) -> None:  # fmt: skip
    first = submit(workspace, catalog, "bao_cao_nam", "2024", start_sandbox().url)
    moved = start_sandbox()  # another port, the same folder
    again = submit(workspace, catalog, "bao_cao_nam", "2024", moved.url)
    assert first.receipt is not None
    assert again.receipt is not None
    assert again.receipt.receipt_id == first.receipt.receipt_id
    republish([replace(values[0], obs_status="P"), *values[1:]])
    with pytest.raises(DataFault, match="has another address now"):
        submit(workspace, catalog, "bao_cao_nam", "2024", start_sandbox().url)
    assert len(moved.accepted()) == 1


def sender(workspace: Workspace, url: str) -> subprocess.Popen[str]:
    code = "from console import main; main.COMMAND_MODULES = ('console.report_commands',); main.main()"
    command = [sys.executable, "-c", code, "--workspace", str(workspace.root), "submit", "bao_cao_nam"]
    return subprocess.Popen(
        [*command, "--period", "2024", "--channel", url, "--format", "csv"], text=True, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LANG": "en_US.UTF-8"},
    )  # fmt: skip


def test_a_sender_killed_after_sending_resumes_with_one_acceptance(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start
) -> None:
    sandbox = start_sandbox("accept-slowly", seconds=2)
    process = sender(workspace, sandbox.url)
    until(lambda: len(sandbox.accepted()) == 1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert states(workspace) == ["sending"]
    outcome = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert outcome.done == "sent"
    until(lambda: sandbox.posts() == 1)
    assert any(text.startswith("GET SBX-") for text in sandbox.requests())
    assert len(sandbox.accepted()) == 1
    assert states(workspace) == ["accepted"]


def test_two_senders_at_once_make_one_acceptance(workspace: Workspace, start_sandbox: Start) -> None:
    sandbox = start_sandbox("accept-slowly", seconds=1)
    processes = [sender(workspace, sandbox.url) for _ in range(2)]
    ends = [(*process.communicate(), process.returncode) for process in processes]
    assert sorted(code for _, _, code in ends) in ([0, 0], [0, 3])
    assert all("Traceback" not in error for _, error, _ in ends)
    assert (sandbox.posts(), len(sandbox.accepted())) == (1, 1)


def test_changed_figures_are_a_new_revision_that_replaces_the_old(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, republish: Callable[[list[Value]], None],
    values: list[Value],
) -> None:  # fmt: skip
    sandbox = start_sandbox()
    first = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    republish([replace(values[0], obs_status="P"), *values[1:]])
    second = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert (second.done, second.revision) == ("sent", 2)
    assert states(workspace) == ["superseded", "accepted"]
    republish(values)  # back to the first figures: that is a correction, too
    third = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert (third.revision, third.sha256) == (3, first.sha256)
    assert sandbox.posts() == 3
    page = httpx.get(sandbox.url, trust_env=False).text
    assert page.count("đã thay bằng bản mới") == 2
    assert third.receipt is not None
    assert third.receipt.receipt_id in page


def test_a_correction_waits_until_the_one_before_is_settled(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, republish: Callable[[list[Value]], None],
    values: list[Value],
) -> None:  # fmt: skip
    sandbox = start_sandbox("accept-then-drop", "status-503", "status-503")
    once = Patience(attempts=1, seconds=5, first_wait=0)
    with pytest.raises(SystemFault, match=r"submit\.unsettled"):
        submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url, patience=once)
    republish([replace(values[0], obs_status="P"), *values[1:]])
    for _ in range(2):
        with pytest.raises(SystemFault, match=r"submit\.unsettled"):
            submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url, patience=once)
        assert states(workspace) == ["unknown"]
    assert submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url).revision == 2
    assert states(workspace) == ["superseded", "accepted"]
    assert sandbox.posts() == 2


def test_a_lost_ledger_does_not_make_a_second_acceptance(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, republish: Callable[[list[Value]], None],
    values: list[Value],
) -> None:  # fmt: skip
    sandbox = start_sandbox()
    first = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    forget(workspace)
    again = submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert again.receipt is not None
    assert first.receipt is not None
    assert again.receipt.receipt_id == first.receipt.receipt_id
    forget(workspace)
    republish([replace(values[0], obs_status="P"), *values[1:]])
    with pytest.raises(DataFault, match=r"submit\.conflict"):
        submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    assert len(sandbox.accepted()) == 1


def test_a_wrong_token_sends_nothing_and_no_token_is_kept(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = start_sandbox(token="mat-khau-dung")  # noqa: S106
    receiver(workspace, sandbox.url, 'token_file = "token"')
    with pytest.raises(UsageFault, match=r"receiver\.no-token"):
        submit(workspace, catalog, "bao_cao_nam", "2024")
    (workspace.root / "token").write_text("mat-khau-sai\n")
    with pytest.raises(DataFault, match=r"submit\.denied"):
        submit(workspace, catalog, "bao_cao_nam", "2024", patience=HASTY)
    assert (sandbox.accepted(), states(workspace)) == ([], ["ready"])
    receiver(workspace, sandbox.url, 'token_env = "SENDING_TOKEN"')
    monkeypatch.setenv("SENDING_TOKEN", "mat-khau-dung")
    assert submit(workspace, catalog, "bao_cao_nam", "2024").done == "sent"
    kept = [file for file in workspace.root.rglob("*") if file.is_file() and file.name != "token"]
    kept += list(sandbox.folder.iterdir())
    assert kept
    assert not [file for file in kept if b"mat-khau" in file.read_bytes()]


@pytest.mark.parametrize(
    "url",
    ["http://baocao.example.vn", "http://127.0.0.1.example.vn", "ftp://127.0.0.1", "https://", "http://u:p@127.0.0.1"],
)
def test_only_https_or_this_machine(workspace: Workspace, catalog: Catalog, url: str) -> None:
    with pytest.raises(UsageFault, match=r"receiver\.address") as error:
        submit(workspace, catalog, "bao_cao_nam", "2024", url)
    assert ":p@" not in str(error.value)
    assert not workspace.ledger.exists()


def test_an_address_on_the_command_line_gets_only_its_own_token(
    workspace: Workspace, catalog: Catalog, start_sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = start_sandbox(token="rieng")  # noqa: S106
    receiver(workspace, "https://baocao.example.vn", 'token_env = "SENDING_TOKEN"')
    monkeypatch.setenv("SENDING_TOKEN", "rieng")
    with pytest.raises(DataFault, match=r"submit\.denied"):
        submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    monkeypatch.setenv("CHITIEU_TOKEN", "riêng")
    with pytest.raises(UsageFault, match=r"receiver\.token"):
        submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url)
    monkeypatch.setenv("CHITIEU_TOKEN", "rieng")
    assert submit(workspace, catalog, "bao_cao_nam", "2024", sandbox.url).done == "sent"


def test_an_unknown_receiver_is_said_with_what_to_write(workspace: Workspace, catalog: Catalog) -> None:
    with pytest.raises(UsageFault, match=r"\[receivers\.sandbox\]"):
        submit(workspace, catalog, "bao_cao_nam", "2024")
    receiver(workspace, "http://127.0.0.1:1", "secnods = 3")
    with pytest.raises(DataFault, match=r"workspace\.settings"):
        submit(workspace, catalog, "bao_cao_nam", "2024")


def read_request(connection: socket.socket) -> None:
    """Read all of it: a server that closes before that resets the connection, and its answer may be lost."""
    with connection.makefile("rb") as lines:
        length = 0
        while (line := lines.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        lines.read(length)


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A TLS server with a certificate that nobody trusts; it answers every request with 503."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as secure:
                    read_request(secure)
                    secure.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                plain.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield f"https://127.0.0.1:{server.getsockname()[1]}", certificate
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def test_a_certificate_that_is_not_trusted_stops_before_anything_is_sent(
    workspace: Workspace, catalog: Catalog, self_signed: tuple[str, Path]
) -> None:
    url, certificate = self_signed
    with pytest.raises(DataFault, match=r"submit\.untrusted"):
        submit(workspace, catalog, "bao_cao_nam", "2024", url)
    assert states(workspace) == ["ready"]
    receiver(workspace, url, f'ca_file = "{certificate}"')
    with pytest.raises(SystemFault, match="HTTP 503"):
        submit(workspace, catalog, "bao_cao_nam", "2024", patience=Patience(attempts=1, first_wait=0))


def forget(workspace: Workspace) -> None:
    for file in workspace.root.glob("ledger.sqlite*"):
        file.unlink()


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)
