"""`gdfupin daily`: everything that an archive needs once a day, as a run of steps.

`runs` goes through the table of steps, `state` keeps how far a run is, so that one that was killed goes on at its open step, `outbox`
sends each message once. Steps: `crawl_steps` fetch, `publishing_steps` check and publish, `message_steps` tell. `digest` is what a
digest has, `digest_text` its two languages; `run_log` is the log file, `day` what the steps have in common.
"""

from .day import Options
from .runs import DailyReport, run, tell_failure

__all__ = ["DailyReport", "Options", "run", "tell_failure"]
