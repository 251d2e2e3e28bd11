"""The end of a test in a browser: nothing that it began goes on in the server."""

import threading

import httpx
from pytest_django.live_server_helper import LiveServer

PATIENCE_S = 30


def settle(live_server: LiveServer) -> None:
    """Wait for the last answers: a poll that is still being answered reads tables that are being emptied.

    Call it when all windows are closed: the server has a thread for each connection, as long as it is open.
    """
    # connections are taken up in their order, so with this answer nobody is left who was not
    httpx.get(f"{live_server.url}/static/favicon.svg", timeout=PATIENCE_S).raise_for_status()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "a request is not answered, or a connection is still open"
