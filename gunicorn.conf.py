"""Read by gunicorn at its start: its own lines look like all others. What to run is said on the command line."""

from facet import env, logs

logconfig_dict = logs.configuration(style=env.text("FACET_LOG", "lines"), level=env.text("FACET_LOG_LEVEL", "INFO"))
