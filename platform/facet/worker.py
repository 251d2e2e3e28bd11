"""`python -m facet.worker --pool prefork --concurrency 1 --queues celery,sweep`: Celery's own `worker` command.

The same options and the same code as `celery --app facet worker`, which works as well, but the program `celery` loads all
its other commands first, an interactive shell among them: 250 modules that the processes of the pool would inherit.
"""

from celery.bin.base import CLIContext
from celery.bin.worker import worker

from facet.celery import app


def main() -> None:
    """Run until told to stop; exits as `celery` does."""
    worker(obj=CLIContext(app=app, no_color=None, workdir=None), prog_name="facet.worker")


if __name__ == "__main__":
    main()
