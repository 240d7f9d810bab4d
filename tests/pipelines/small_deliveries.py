"""Small deliveries with known sums."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST_DAY = date(2025, 3, 1)


def write_billing(inputs: Path, name: str, days: int, *, bad_rows: int = 0) -> None:
    """One delivery for March 2025: each day 10.10 USD for chat v1 and 0.40 USD without tags."""
    rows = []
    for day in range(days):
        start = FIRST_DAY + timedelta(days=day)
        tags = '{"model_name": "chat", "model_version": "v1", "endpoint": "web", "team": "ml"}'
        rows += [_charge(start, "10.10", tags), _charge(start, "0.40", "")]
    rows += [_charge(FIRST_DAY, "ten dollars", "") for _ in range(bad_rows)]
    _write(inputs / "billing" / name, rows)


def write_requests(inputs: Path, hours: int) -> None:
    """Hourly pre-aggregated calls of one vendor-hosted model: 60 calls, 6,000 tokens an hour."""
    _write(
        inputs / "model_registry" / "registry.csv",
        [
            {
                "model_name": "chat",
                "model_version": "v1",
                "provider_model": "gpt-x",
                "hosting": "api",
                "created_at": "2025-02-01",
                "deployed_at": "2025-02-10",
            }
        ],
    )
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)
    _write(
        inputs / "llm_requests" / "calls.csv",
        [
            {
                "timestamp": (start + timedelta(hours=hour)).isoformat(),
                "gen_ai.provider.name": "openai",
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "gpt-x",
                "gen_ai.usage.input_tokens": 5_000,
                "gen_ai.usage.output_tokens": 1_000,
                "model_name": "chat",
                "model_version": "v1",
                "endpoint": "web",
                "team": "ml",
                "request_count": 60,
            }
            for hour in range(hours)
        ],
    )


def _charge(day: date, cost: str, tags: str) -> dict[str, object]:
    return {
        "BillingAccountId": "account-1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2025-03-01T00:00:00Z",
        "BillingPeriodEnd": "2025-04-01T00:00:00Z",
        "ChargePeriodStart": f"{day}T00:00:00Z",
        "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ServiceName": "Compute",
        "ProviderName": "AWS",
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "Tags": tags,
    }


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
