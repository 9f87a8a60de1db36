"""Many sites: a folder with a profile and an archive each, crawled some at once.

- `members.py`: the sites of a folder
- `visit.py`: one site, that is a command in a process of its own, and the state of its archive behind it
- `stop.py`: ends visits in order
- `rounds.py`: which site is next
- `fleet_report.py`: the last visit of each site, `fleet.json`
- `fleet_page.py`: the same for people, `index.html`
"""
