"""Checks `withdrawals.jsonl`: while a line of it is damaged, nothing shows articles."""

from pathlib import Path

from ..storage.withdrawals import FILE, load
from ..warc import Damage
from .findings import Finding, OnFinding


def prove_withdrawals(output: Path, on_finding: OnFinding) -> None:
    """Names every damaged line."""

    def damaged(damage: Damage) -> None:
        on_finding(Finding("withdrawals", output / FILE, damage.offset, damage.reason))

    load(output, damaged)
