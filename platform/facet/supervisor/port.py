"""Whether an address can be listened on, asked before anything is started."""

import errno
import socket
import time


class PortTakenError(Exception):
    """The address cannot be used; the message says why and what to do."""


def make_sure_free(host: str, port: int, patience_s: float = 3.0) -> None:
    """Return once `host`:`port` can be bound. Raises PortTakenError.

    Waits up to `patience_s` seconds for a port in use: after a crash the old web server needs a moment to go.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            _bind(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise PortTakenError(_sentence(host, port, error)) from None
        return


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1000}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs special rights. Choose one above 1024: make run PORT=8000"
    return f"Facet cannot listen on {host}:{port}: {error.strerror}."
