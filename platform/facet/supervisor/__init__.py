"""One command that runs everything on one machine: web server, worker and the sweep of lost jobs."""
