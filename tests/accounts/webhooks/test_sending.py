"""One request: to the address that was checked, within bounds, no further."""

import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.webhooks import sending
from accounts.webhooks.models import Trouble
from tests.accounts.webhooks.conftest import Handler, Receiver, say, serving

NAME = "hooks.example.org"
BODY = b'{"type":"ping"}'


def post(url: str) -> sending.Outcome:
    return sending.post(url, {"webhook-id": "msg_1"}, BODY)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """NAME is found at this machine, the first time only; what was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "192.0.2.66"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_what_is_sent_is_what_was_signed_by_post_as_json(receiver: Receiver) -> None:
    outcome = post(receiver.url)
    assert outcome.is_taken
    assert outcome.status_code == 204
    ((path, headers, body),) = receiver.requests
    assert (path, body) == ("/facet?key=k", BODY)
    assert headers["webhook-id"] == "msg_1"
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("Facet-Webhooks/")
    assert headers["Host"] == receiver.url.split("/")[2]


def test_a_name_is_looked_up_once_and_where_it_leads_later_does_not_matter(
    receiver: Receiver, named: list[str]
) -> None:
    outcome = post(receiver.url.replace("127.0.0.1", NAME))
    assert outcome.is_taken
    assert named == [NAME]
    assert receiver.requests[0][1]["Host"].startswith(NAME)


def test_a_private_address_gets_no_connection_at_all(receiver: Receiver, settings: Any, named: list[str]) -> None:
    settings.WEBHOOKS_PRIVATE = False
    assert post(f"https://{NAME}/").trouble == Trouble.REFUSED
    assert post(receiver.url).trouble == Trouble.ADDRESS
    assert receiver.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: say(handler, status, Location=receiver.url + "&again=1")
    outcome = post(receiver.url)
    assert (outcome.trouble, outcome.status_code) == (Trouble.REDIRECT, status)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_what_is_no_success_is_kept_with_the_beginning_of_the_answer(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: say(handler, status, "é\x00\x1b[31m not now".encode() + b"\xff" + b"x" * 2000)
    outcome = post(receiver.url)
    assert (outcome.trouble, outcome.status_code) == (Trouble.STATUS, status)
    assert outcome.answer.startswith("é\ufffd\ufffd[31m not now\ufffdxx")
    assert len(outcome.answer) == 500


def test_of_an_answer_without_end_only_so_much_is_read(receiver: Receiver) -> None:
    written = 0

    def endless(handler: Any) -> None:
        nonlocal written
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            written += handler.wfile.write(b"y" * 65_536)

    receiver.answer = endless
    outcome = post(receiver.url)
    assert outcome.is_taken
    assert outcome.answer == "y" * 500
    time.sleep(0.2)
    assert written < 50_000_000  # what the sockets in between take, and no more


@pytest.mark.parametrize("part", ["nothing", "status", "headers", "body"])  # a status that came counts
def test_what_drips_is_cut_when_the_time_is_over(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(sending, "TOTAL_S", 0.6)
    said = {
        "nothing": b"",
        "status": b"HTTP/1.1 2",
        "headers": b"HTTP/1.1 200 OK\r\nX: ",
        "body": b"HTTP/1.1 200 OK\r\n\r\n",
    }

    def drip(handler: Any) -> None:
        handler.wfile.write(said[part])
        for _ in range(40):
            time.sleep(0.1)
            if part != "nothing":
                handler.wfile.write(b"0")

    receiver.answer = drip
    began = time.monotonic()
    outcome = post(receiver.url)
    assert time.monotonic() - began < 2
    assert outcome.trouble == ("" if part == "body" else Trouble.TIMEOUT)


def test_a_compressed_answer_is_not_blown_up(receiver: Receiver) -> None:
    import gzip

    bomb = gzip.compress(b"0" * 50_000_000)
    receiver.answer = lambda handler: say(handler, 200, bomb, Content_Encoding="gzip")
    outcome = post(receiver.url)
    assert outcome.is_taken
    assert "000" not in outcome.answer


def test_what_speaks_no_http_or_nothing_at_all_is_told_apart(receiver: Receiver) -> None:
    receiver.answer = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    assert post(receiver.url).trouble == Trouble.ANSWER
    receiver.answer = lambda _: None
    assert post(receiver.url).trouble == Trouble.ANSWER
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").trouble == Trouble.CONNECT


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url).is_taken


def _certificate(folder: Path, name: str) -> Path:
    """Self-signed, for `name`, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encrypted(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver with a certificate for NAME, by an authority that this machine trusts."""
    settings.WEBHOOKS_PRIVATE = True
    path = _certificate(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    sending._trust.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = Receiver()
    context.sni_callback = lambda _, name, __: receiver.requests.append((f"sni {name}", {}, b""))  # type: ignore[assignment]
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who does not trust it hangs up
    yield from serving(receiver, server, "https", NAME)
    sending._trust.cache_clear()


def test_certificate_and_sni_are_of_the_name_though_an_address_is_connected_to(
    encrypted: Receiver, named: list[str]
) -> None:
    assert post(encrypted.url).is_taken
    assert [path for path, _, _ in encrypted.requests] == [f"sni {NAME}", "/facet?key=k"]
    assert named == [NAME]


def test_a_certificate_for_another_name_is_not_taken(encrypted: Receiver, named: list[str]) -> None:
    assert post(encrypted.url.replace(NAME, "other.example.org")).trouble == Trouble.TLS
    assert not any(path.startswith("/") for path, _, _ in encrypted.requests)


def test_a_certificate_of_nobody_we_trust_is_not_taken(
    encrypted: Receiver, named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    sending._trust.cache_clear()
    assert post(encrypted.url).trouble == Trouble.TLS
    assert not any(path.startswith("/") for path, _, _ in encrypted.requests)


def test_tls_that_never_comes_about_is_cut_too(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TOTAL_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert post(f"https://127.0.0.1:{silent.getsockname()[1]}/").trouble == Trouble.TIMEOUT


def test_a_connection_that_comes_about_too_late_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TOTAL_S", 0.1)
    real = sending._connected

    def slowly(*where: Any) -> socket.socket:
        time.sleep(0.3)
        return real(*where)

    monkeypatch.setattr(sending, "_connected", slowly)
    assert post(receiver.url).trouble == Trouble.TIMEOUT
    assert receiver.requests == []


def test_the_next_address_is_tried_when_the_first_takes_no_connection(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET6, 1, 6, "", ("::1", 1, 0, 0)), (socket.AF_INET, 1, 6, "", ("127.0.0.1", 1))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert post(receiver.url.replace("127.0.0.1", NAME)).is_taken


@pytest.mark.parametrize(
    ("status", "asked", "expected"),
    [
        (429, "120", 120), (503, " 7 ", 7), (429, "0", 0), (429, "1000000", sending.LONGEST_WAIT_S),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", sending.LONGEST_WAIT_S), (503, "Sat, 28 Nov 2020 00:00:00 GMT", 0),
        (503, "soon", 0), (503, "-5", 0), (503, "1.5", 0), (429, "9" * 5000, 0), (429, "", 0),
        (429, "Fri, 99 Foo 0000 99:99:99 GMT", 0), (503, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", 0),
        (500, "120", 0), (404, "120", 0), (204, "120", 0),
    ],
)  # fmt: skip
def test_when_a_busy_receiver_wants_to_be_asked_again_is_heard(
    receiver: Receiver, status: int, asked: str, expected: float
) -> None:
    receiver.answer = lambda handler: say(handler, status, b"later", Retry_After=asked)
    outcome = post(receiver.url)
    assert (outcome.status_code, outcome.wait_s) == (status, expected)


def test_it_may_name_a_date(receiver: Receiver) -> None:
    date = formatdate(time.time() + 600, usegmt=True)
    receiver.answer = lambda handler: say(handler, 503, Retry_After=date)
    assert 570 < post(receiver.url).wait_s <= 600
