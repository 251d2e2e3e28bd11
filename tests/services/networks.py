"""Hosts of our own on one machine: network namespaces behind a bridge, with cables that can be pulled. Needs root."""

import os
import subprocess
from types import TracebackType
from typing import Self


class NoNamespacesError(Exception):
    """This machine does not let us make networks; the message says why."""


class Network:
    """The machine itself has the address `address`; hosts are added beside it."""

    def __init__(self) -> None:
        """Names hold our process id, so that two test runs do not meet; the addresses are in a corner of 10/8."""
        self._mark = os.getpid() % 100_000
        self._bridge = f"fb{self._mark}"
        self._subnet = f"10.77.{self._mark % 250}"
        self.address = f"{self._subnet}.1"
        self._hosts: list[str] = []

    def __enter__(self) -> Self:
        """Raises NoNamespacesError."""
        if os.geteuid() != 0:
            raise NoNamespacesError("only root may make network namespaces")
        try:
            _ip("link", "add", self._bridge, "type", "bridge")
            _ip("address", "add", f"{self.address}/24", "dev", self._bridge)
            _ip("link", "set", self._bridge, "up")
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoNamespacesError(f"`ip` failed: {getattr(error, 'stderr', error)}") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing of it stays."""
        for name in self._hosts:
            subprocess.run(["ip", "link", "delete", self._cable(name)], check=False, capture_output=True)
            subprocess.run(["ip", "netns", "delete", self._space(name)], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", self._bridge], check=False, capture_output=True)

    def add(self, name: str) -> tuple[str, ...]:
        """Make a host; the words to put before a command that is to run there. Raises NoNamespacesError."""
        space, cable = self._space(name), self._cable(name)
        self._hosts.append(name)
        try:
            _ip("netns", "add", space)
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", cable, "master", self._bridge, "up")
            _ip("-n", space, "address", "add", f"{self._subnet}.{len(self._hosts) + 1}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
            _ip("-n", space, "link", "set", "lo", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoNamespacesError(f"`ip` failed: {getattr(error, 'stderr', error)}") from None
        return ("ip", "netns", "exec", space)

    def cut(self, name: str) -> None:
        """Pull the cable of a host: nothing comes or goes, and nobody is told."""
        _ip("link", "set", self._cable(name), "down")

    def mend(self, name: str) -> None:
        """Plug it in again."""
        _ip("link", "set", self._cable(name), "up")

    def _space(self, name: str) -> str:
        return f"facet-{self._mark}-{name}"

    def _cable(self, name: str) -> str:
        return f"fv{self._mark}-{name[:4]}"  # the kernel takes 15 characters


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
