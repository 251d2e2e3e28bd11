"""One command that runs everything on one machine: web server, worker, chores and the sweep of lost jobs."""
