"""A small company whose names are attacks; money and identity stay those of a dull one."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST_DAY = date(2025, 3, 1)
DAYS = 28
DAILY_USD = "10.10"
#: What a name can hold: SQL, HTML, templates, formats, formulas, terminals and text direction.
NAMES = [
    "'; drop table marts.fct_model_cost_daily; --",
    '"><script>alert(1)</script>',
    "</script><img src=x onerror=alert(2)>",
    "{{7*7}}{% raw %}${7*7}",
    "%s%n%(x)s{0}",
    "abc\u202egnp.exe",
    'two\nlines\tand "quotes", commas',
    "=cmd|'/c calc'!a1",
    "+1+cmd()",
    "@sum(1+1)",
    "../../../etc/passwd",
    "[bold red]rich[/]",
    "\x1b]0;owned\x07\x1b[2jcleared",
    "🦆'--",
]
#: Closes a style that nobody opened, and an element that somebody did.
ACCELERATOR = "[/]H100</td><script>alert(3)</script>"
#: Few models are called, because each is forecast.
CALLED = [NAMES[0], NAMES[1], NAMES[-3], NAMES[-2]]
ROLES = {"'; drop table marts.dim_role; --": NAMES[:3], "../../x": NAMES[3:5]}


def write_hostile_company(inputs: Path) -> None:
    """Each name is a model, its version, its endpoint, its team and an unknown tag."""
    _write(
        inputs / "billing/2025-03.csv", [_charge(day, name) for name in NAMES for day in _days()]
    )
    _write(inputs / "model_registry/registry.csv", [_registered(name) for name in NAMES])
    _write(inputs / "llm_requests/calls.csv", [c for name in CALLED for c in _calls(name)])
    _write(inputs / "gpu_metrics/gpus.csv", [s for name in NAMES[:4] for s in _samples(name)])
    _write(inputs / "prices/gpu_prices.csv", [_gpu_price()])
    _write(
        inputs / "roles/roles.csv",
        [{"role": role, "team": team.upper()} for role, teams in ROLES.items() for team in teams],
    )
    _write(inputs / "budgets/budgets.csv", [_budget(role) for role in ROLES])
    _write(inputs / "product_kpis/kpis.csv", [k for name in NAMES[:2] for k in _kpis(name)])


def _days() -> list[date]:
    return [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]


def identity(name: str) -> dict[str, str]:
    return {"model_name": name, "model_version": name, "endpoint": name, "team": name}


def _charge(day: date, name: str) -> dict[str, object]:
    return {
        "BillingAccountId": "account-1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2025-03-01T00:00:00Z",
        "BillingPeriodEnd": "2025-04-01T00:00:00Z",
        "ChargePeriodStart": f"{day}T00:00:00Z",
        "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ServiceName": f"Service {name}",
        "ResourceId": f"resource {name}",
        "ProviderName": "AWS",
        "BilledCost": DAILY_USD,
        "EffectiveCost": DAILY_USD,
        "ListCost": DAILY_USD,
        "Tags": json.dumps(identity(name) | {name: name}),
    }


def _registered(name: str) -> dict[str, object]:
    return {
        "model_name": name,
        "model_version": name,
        "provider_model": f"vendor {name}",
        "hosting": "self_hosted",
        "accelerator": ACCELERATOR,
        "created_at": "2025-02-01",
        "deployed_at": "2025-02-10",
    }


def _calls(name: str) -> list[dict[str, object]]:
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)
    return [
        identity(name)
        | {
            "timestamp": (start + timedelta(hours=hour)).isoformat(),
            "gen_ai.provider.name": "openai",
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": f"vendor {name}",
            "gen_ai.usage.input_tokens": 5_000,
            "gen_ai.usage.output_tokens": 1_000,
            "feature": name,
            "accelerator": ACCELERATOR,
            "request_count": 60,
        }
        for hour in range(DAYS * 24)
    ]


def _samples(name: str) -> list[dict[str, object]]:
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)
    return [
        identity(name)
        | {
            "timestamp": (start + timedelta(hours=hour)).isoformat(),
            "gpu_uuid": f"GPU {name}",
            "gpu": 0,
            "hostname": f"host {name}",
            "resource_id": f"resource {name}",
            "accelerator": ACCELERATOR,
            "DCGM_FI_DEV_GPU_UTIL": 40,
        }
        for hour in range(0, DAYS * 24, 6)
    ]


def _gpu_price() -> dict[str, object]:
    return {
        "effective_from": "2025-01-01",
        "provider": "aws",
        "accelerator": ACCELERATOR,
        "on_demand_per_hour": "4.00",
        "reserved_1y_per_hour": "2.50",
        "spot_per_hour": "1.50",
        "tokens_per_second": 2500,
    }


def _budget(role: str) -> dict[str, object]:
    return {
        "period_start": FIRST_DAY,
        "period_end": "2025-03-31",
        "role": role,
        "team": "",
        "model_name": "",
        "amount": "900",
        "currency": "USD",
        "soft_limit_ratio": "0.8",
    }


def _kpis(name: str) -> list[dict[str, object]]:
    return [
        {
            "date": day,
            "feature": name,
            "model_name": name,
            "model_version": name,
            "variant": variant,
            "exposures": 1000,
            "conversions": converted,
            "revenue": converted * 10,
            "retained_users": 10,
            "active_users": 100,
        }
        for day in _days()
        for variant, converted in (("control", 50), ("treatment", 60))
    ]


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
