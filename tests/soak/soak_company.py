"""A company that delivers day by day: April 2025, one model on a vendor's API, one on a GPU."""

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST, DAYS = date(2025, 4, 1), 30
PERIOD_END = date(2025, 5, 1)
NEW_COLUMN_FROM = 12
RESTATED_DAY, RESTATED_FROM = 5, 22
TAGS = '{"model_name": "chat", "model_version": "v1", "endpoint": "web", "team": "ml"}'


def deliver_catalogs(inputs: Path) -> None:
    """What stands from the first day on."""
    deployed = {"created_at": "2025-02-01", "deployed_at": "2025-02-10", "stage": "production"}
    _write(
        inputs / "model_registry" / "registry.csv",
        [
            {
                "model_name": "chat",
                "model_version": "v1",
                "provider_model": "gpt-x",
                "hosting": "api",
                **deployed,
            },
            {
                "model_name": "rank",
                "model_version": "v1",
                "provider_model": "",
                "hosting": "self_hosted",
                **deployed,
            },
        ],
    )


def deliver_day(inputs: Path, number: int) -> None:
    """Everything that arrives on a day: the bill so far, and the day's telemetry, calls and sales.

    Args:
        inputs: The inputs folder.
        number: 1 is the first day of the month.
    """
    day = FIRST + timedelta(days=number - 1)
    deliver_bill(inputs, number)
    _write(inputs / "llm_requests" / f"calls-{day}.csv", _calls(day, number))
    _write(inputs / "gpu_metrics" / f"dcgm-{day}.csv", _samples(day))
    _write(
        inputs / "product_kpis" / f"sales-{day}.csv",
        [
            {
                "date": day,
                "feature": "assistant",
                "model_name": "chat",
                "model_version": "v1",
                "variant": variant,
                "exposures": 1000,
                "conversions": conversions + number % 5,
                "revenue": f"{conversions * 3}.25",
            }
            for variant, conversions in (("control", 50), ("treatment", 60))
        ],
    )


def deliver_bill(inputs: Path, number: int, credit: str | None = None) -> None:
    """The period so far, from its first day; from a day on one earlier day costs more."""
    charges = []
    for passed in range(1, min(number, DAYS) + 1):
        day = FIRST + timedelta(days=passed - 1)
        is_restated = passed == RESTATED_DAY and number >= RESTATED_FROM
        cost = f"{(17 if is_restated else 10) + passed % 7}.{passed:02d}"
        charges += [
            _charge(day, cost, "OpenAI", TAGS, number),
            _charge(day, "24.00", "AWS", "", number, resource="gpu-box"),
            _charge(day, "0.333333333333", "AWS", "", number),
        ]
    if credit:
        charges.append(_charge(FIRST, credit, "AWS", "", number, category="Credit"))
    _write(inputs / "billing" / f"april-{number:02d}.csv", charges)


def deliver_late_samples(inputs: Path) -> None:
    """A day of the first week again, with what had been missing: the nights."""
    day = FIRST + timedelta(days=2)
    _write(inputs / "gpu_metrics" / f"dcgm-{day}.csv", _samples(day, late=True))


def _charge(
    day: date,
    cost: str,
    provider: str,
    tags: str,
    number: int,
    resource: str = "",
    category: str = "Usage",
) -> dict[str, object]:
    row: dict[str, object] = {
        "BillingAccountId": "account-1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": f"{FIRST}T00:00:00Z",
        "BillingPeriodEnd": f"{PERIOD_END}T00:00:00Z",
        "ChargePeriodStart": f"{day}T00:00:00Z",
        "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
        "ChargeCategory": category,
        "ServiceName": "Compute",
        "ProviderName": provider,
        "ResourceId": resource,
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "Tags": tags,
    }
    if number >= NEW_COLUMN_FROM:
        row["x_CostCentre"] = "4711"
    return row


def _calls(day: date, number: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for hour in range(24):
        row: dict[str, object] = {
            "timestamp": _at(day, hour).isoformat(),
            "gen_ai.provider.name": "openai",
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-x",
            "gen_ai.usage.input_tokens": 5_000 + 100 * (hour % 6),
            "gen_ai.usage.output_tokens": 1_000,
            "model_name": "chat",
            "model_version": "v1",
            "endpoint": "web",
            "team": "ml",
            "request_count": 60 + hour,
        }
        if number >= NEW_COLUMN_FROM:
            row["gen_ai.conversation.kind"] = "support"
        rows.append(row)
    return rows


def _samples(day: date, late: bool = False) -> list[dict[str, object]]:
    hours = range(24) if late or day != FIRST + timedelta(days=2) else range(6, 22)
    return [
        {
            "timestamp": (_at(day, hour) + timedelta(minutes=minute)).isoformat(),
            "gpu_uuid": "GPU-1",
            "gpu": 0,
            "hostname": "box",
            "resource_id": "gpu-box",
            "accelerator": "NVIDIA-H100-80GB-HBM3",
            "model_name": "rank" if 6 <= hour < 22 else "",
            "model_version": "v1" if 6 <= hour < 22 else "",
            "endpoint": "rank" if 6 <= hour < 22 else "",
            "team": "search" if 6 <= hour < 22 else "",
            "DCGM_FI_PROF_GR_ENGINE_ACTIVE": 0.8 if 8 <= hour < 20 else 0.05,
        }
        for hour in hours
        for minute in (0, 15, 30, 45)
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


def _write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    listed = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
