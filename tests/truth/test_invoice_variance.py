"""Of the money by which invoices differ from the log, how much is put under its true cause.

`PYTHONPATH=.:tests/support python tests/truth/test_invoice_variance.py 40 counted` prints the table
for 40 vendors; the other kinds of invoices are `invoices.KINDS`.
"""

import sys
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from dbt_runs import DbtHome
from invoices import Key, Planted, draw

from ingestion import SYSTEMS
from ingestion.load import load_system

SEEDS = range(3)
MARTS = ("fct_invoice_reconciliation_monthly", "assert_invoice_variance_is_explained")
CENT = Decimal("0.01")
Causes = dict[Key, dict[str, Decimal]]


def reconcile(root: Path, planted: Planted) -> tuple[Causes, list[tuple]]:
    """The causes that the warehouse finds, and the rows of the mart above them."""
    dbt = DbtHome(root / "home")
    planted.write(root / "inputs")
    for system in SYSTEMS:
        load_system(system, root / "inputs", dbt.home)
    results = dbt.run(
        *("build", "--select", *(f"+{name}" for name in MARTS)),
        *("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"),
    )
    failed = [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
    assert failed == []
    with duckdb.connect(dbt.build, read_only=True) as marts:
        rows = marts.execute(
            "select strftime(month, '%Y-%m'), provider, provider_model, cause, variance_usd"
            " from marts.fct_invoice_variance_causes_monthly"
        ).fetchall()
        invoices = marts.execute(
            "select strftime(month, '%Y-%m'), provider, provider_model, variance_usd, main_cause"
            " from marts.fct_invoice_reconciliation_monthly"
        ).fetchall()
    found: Causes = defaultdict(dict)
    for month, provider, model, cause, usd in rows:
        found[month, provider, model][cause] = usd
    return found, invoices


def scores(planted: Causes, found: Causes) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Per cause: planted money, what of it was found under that cause, what was found too much."""
    table: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for key in planted.keys() | found.keys():
        true, seen = planted.get(key, {}), found.get(key, {})
        for cause in true.keys() | seen.keys():
            want, got = true.get(cause, Decimal(0)), seen.get(cause, Decimal(0))
            right = max(abs(want) - abs(got - want), Decimal(0))
            row = (abs(want), right, max(abs(got) - right, Decimal(0)))
            table[cause] = [a + b for a, b in zip(table[cause], row, strict=True)]
    return {cause: (row[0], row[1], row[2]) for cause, row in table.items()}


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    planted = draw(SEEDS)
    return planted, *reconcile(tmp_path_factory.mktemp("invoices"), planted)


def test_the_money_is_put_under_its_true_cause(company):
    planted, found, _ = company
    table = scores(planted.causes, found)
    share = sum(row[1] for row in table.values()) / sum(row[0] for row in table.values())
    assert share >= Decimal("0.95"), table


def test_the_variance_of_each_model_is_the_sum_of_what_was_planted(company):
    planted, _, invoices = company
    wrong = [
        (month, provider, model, usd, sum(planted.causes[month, provider, model].values()))
        for month, provider, model, usd, _ in invoices
        if abs(usd - sum(planted.causes[month, provider, model].values())) > CENT
    ]
    assert wrong == []


def test_a_clean_company_has_no_variance_and_no_cause(tmp_path):
    found, invoices = reconcile(tmp_path, draw(SEEDS, is_clean=True))
    # money is billed to ten decimals
    assert max((abs(usd) for causes in found.values() for usd in causes.values()), default=0) < CENT
    assert {cause for *_, cause in invoices} == {"none"}
    assert len(invoices) == len(SEEDS) * 3 * 2


if __name__ == "__main__":
    company_of_many = draw(range(int(sys.argv[1])), *sys.argv[2:])
    with tempfile.TemporaryDirectory() as folder:
        causes, _ = reconcile(Path(folder), company_of_many)
    table_of_many = scores(company_of_many.causes, causes)
    table_of_many["all"] = tuple(map(sum, zip(*table_of_many.values(), strict=True)))
    for name, (want, right, extra) in sorted(table_of_many.items()):
        share = f"{right / want:8.2%}" if want else "       -"
        print(f"{name:18} planted {want:14.2f}  found {share}  too much {extra:12.2f}")  # noqa: T201
