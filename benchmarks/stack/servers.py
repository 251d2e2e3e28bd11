"""Redis, PostgreSQL and RabbitMQ in folders of their own, where their data stays over stop, kill and start."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from benchmarks.stack.program import Program, clean_environment, free_port

START_WITHIN_S: Final = 60.0
STOP_WITHIN_S: Final = 30.0


class Server:
    """What is common to all three. `prefix` holds words to put before each command, as `ip netns exec NAME`."""

    name: ClassVar[str]
    end_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(
        self, folder: Path, *, host: str = "127.0.0.1", port: int | None = None, prefix: tuple[str, ...] = ()
    ) -> None:
        """Files go to `folder`, which is made; without a `port` a free one is taken and kept."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.host = host
        self.port = port or free_port()
        self._prefix = prefix
        self._program: Program | None = None

    @property
    def url(self) -> str:
        """What Facet's settings take."""
        raise NotImplementedError

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server's main process. Raises RuntimeError when it was not started."""
        if self._program is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._program.process

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with what it said."""
        self._prepare()
        self._program = Program(
            self._command(),
            self.folder / f"{self.name}.log",
            environment=self._environment(),
            cwd=self.folder,
            prefix=self._prefix,
            end_signal=self.end_signal,
        )
        self._program.wait_until(self._answers, START_WITHIN_S)

    def stop(self) -> None:
        """End it in order."""
        if self._program is not None:
            self._program.ask_to_stop(self.end_signal)
            self._program.make_sure(STOP_WITHIN_S)

    def kill(self) -> None:
        """End it by SIGKILL, with all its processes."""
        if self._program is not None:
            self._program.kill()

    def __enter__(self) -> Self:
        """Started."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stopped."""
        self.stop()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program where the server runs, with the server's environment."""
        return subprocess.run(
            [*self._prefix, *command],
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def _prepare(self) -> None:
        """What must be there before the first start."""

    def _environment(self) -> dict[str, str]:
        return clean_environment()

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class Redis(Server):
    """Redis as docker-compose.yml sets it up: it refuses when full and never forgets what it took."""

    name = "redis"

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int | None = None,
        prefix: tuple[str, ...] = (),
        appendonly: bool = True,
    ) -> None:
        """With `appendonly` what was queued is there again after a start."""
        super().__init__(folder, host=host, port=port, prefix=prefix)
        self._appendonly = appendonly

    @property
    def url(self) -> str:
        """Without the number of a database: add `/0`."""
        return f"redis://{self.host}:{self.port}"

    def _command(self) -> list[str]:
        return [
            *("redis-server", "--bind", self.host, "--port", str(self.port), "--dir", str(self.folder)),
            *("--protected-mode", "no", "--save", "", "--appendonly", "yes" if self._appendonly else "no"),
            *("--maxmemory-policy", "noeviction"),
        ]

    def _answers(self) -> bool:
        return "PONG" in self.run("redis-cli", "-h", self.host, "-p", str(self.port), "ping").stdout


class Postgres(Server):
    """PostgreSQL with the role `facet`, which needs no password."""

    name = "postgres"
    end_signal = signal.SIGINT  # "fast": does not wait for clients that stay

    @property
    def url(self) -> str:
        """Of the database `postgres`."""
        return f"postgres://facet@{self.host}:{self.port}/postgres"

    def _prepare(self) -> None:
        if not (self.folder / "data" / "PG_VERSION").exists():
            options = ("--username", "facet", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
            done = self.run(*_not_as_root(self.folder), _postgres_program("initdb"), "--pgdata", "data", *options)
            if done.returncode:
                raise RuntimeError(f"initdb: {done.stderr}")
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")  # other hosts beside an address that is not 127.0.0.1

    def _command(self) -> list[str]:
        return [
            *(*_not_as_root(self.folder), _postgres_program("postgres"), "-D", "data", "-p", str(self.port)),
            *("-c", f"listen_addresses={self.host}", "-c", "unix_socket_directories="),
        ]

    def _answers(self) -> bool:
        asked = ("-h", self.host, "-p", str(self.port), "-U", "facet", "-d", "postgres")
        return self.run(_postgres_program("pg_isready"), *asked).returncode == 0


def _postgres_program(name: str) -> str:
    """The path of a program of the newest PostgreSQL; Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else name


def _not_as_root(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root. In a user namespace it does not, and needs no folder that others can enter.

    Where there are no such namespaces it runs as `postgres`, who must be able to enter `folder`.
    """
    if os.geteuid() != 0:
        return ()
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode == 0:
        return namespace
    shutil.chown(folder, "postgres", "postgres")
    return ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups")


class RabbitMQ(Server):
    """RabbitMQ without plugins, with an Erlang port mapper of its own, both ending with us."""

    name = "rabbitmq"

    def __init__(
        self, folder: Path, *, host: str = "127.0.0.1", port: int | None = None, prefix: tuple[str, ...] = ()
    ) -> None:
        """Takes two more free ports on 127.0.0.1: for the port mapper and between Erlang nodes."""
        super().__init__(folder, host=host, port=port, prefix=prefix)
        self._mapper_port = free_port()
        self._node_port = free_port()
        self._mapper: Program | None = None

    @property
    def url(self) -> str:
        """Of the virtual host `/`."""
        return f"amqp://guest:guest@{self.host}:{self.port}//"

    def control(self, *words: str) -> str:
        """What `rabbitmqctl` says, as `list_queues name type messages`. Raises RuntimeError when it fails."""
        done = self.run("/usr/lib/rabbitmq/bin/rabbitmqctl", "--quiet", *words)
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)
        return done.stdout

    def stop(self) -> None:
        """The port mapper as well."""
        super().stop()
        self._stop_mapper()

    def kill(self) -> None:
        """The port mapper as well."""
        super().kill()
        self._stop_mapper()

    def _stop_mapper(self) -> None:
        if self._mapper is not None:
            self._mapper.kill()

    def _prepare(self) -> None:
        # guest may otherwise only come from 127.0.0.1, and a nearly full disk would block every publisher
        lines = (
            f"listeners.tcp.1 = {self.host}:{self.port}",
            "loopback_users = none",
            "disk_free_limit.absolute = 1MB",
        )
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "plugins").write_text("[].\n")
        self._mapper = Program(
            ["epmd", "-port", str(self._mapper_port), "-address", "127.0.0.1"],
            self.folder / "epmd.log",
            environment=self._environment(),
            cwd=self.folder,
            prefix=self._prefix,
        )
        self._mapper.wait_until(lambda: self.run("epmd", "-names").returncode == 0, START_WITHIN_S)

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "HOME": str(self.folder),  # of the Erlang cookie
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"facet{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            # between nodes only inside this machine
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
            "RUNNING_UNDER_SYSTEMD": "1",  # the start script becomes the server instead of waiting beside it
        }

    def _command(self) -> list[str]:
        return ["/usr/lib/rabbitmq/bin/rabbitmq-server"]

    def _answers(self) -> bool:
        """Whether it speaks AMQP, which it does once it is up."""
        words = "import socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 2); s.settimeout(2)"
        greet = "s.sendall(b'AMQP' + bytes([0, 0, 9, 1])); sys.exit(not s.recv(1))"
        return self.run(sys.executable, "-c", f"{words}; {greet}", self.host, str(self.port)).returncode == 0
