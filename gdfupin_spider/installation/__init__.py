"""What starts `gdfupin daily` every day: units of systemd or a line of cron, and the settings of a new archive.

- `timer_plan.py`: what an operator decides
- `units.py`: the files that follow from it, as text
- `setting_up.py`: writes them and tries them
"""
