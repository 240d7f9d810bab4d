"""The AWS-like bill: GPU hosts, shared services, classic services, and what is not usage."""

from itertools import pairwise

import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import Payer, Service, charge_rows, units, within
from ingestion.demo.demand import stream_seed
from ingestion.demo.fleet import AWS_ACCOUNT, AWS_PAYER, host_tags, hosts
from ingestion.demo.money import UNITS_PER_USD, to_units
from ingestion.demo.prices import on_demand

_AWS: Payer = {"provider": "AWS", "account": AWS_PAYER}
_COMPUTE: Service = {"service": "Amazon Elastic Compute Cloud", "service_category": "Compute"}

# Shared by every model: component, service, category, resource, USD per hour, owner's tag.
_SHARED = (
    ("orchestration", "Amazon Elastic Kubernetes Service", "Compute",
     "arn:aws:eks:us-east-1:411122223333:cluster/inference", "1.90", None),
    ("embedding", "Amazon OpenSearch Service", "Analytics",
     "arn:aws:es:us-east-1:411122223333:domain/embedding-store", "3.35", "search"),
    ("cache", "Amazon ElastiCache", "Databases",
     "arn:aws:elasticache:us-east-1:411122223333:cluster:prompt-cache", "1.21", "platform"),
)  # fmt: skip

# Classic: resource, hourly list price, tags or none.
_WEB_SERVERS, _COVERED_SERVERS = 6, 3
_WEB_LIST, _WEB_COVERED = "0.192", "0.1382"
_DATABASES = (("orders", "1.04"), ("catalog", "0.52"))
_BUCKETS = ("web-assets", "backups", "logs", "exports")
_S3_METERS = (
    # meter, USD per unit, unit, mean units a day
    ("TimedStorage-ByteHrs", "0.00076", "GB-Day", 22_000),
    ("Requests-Tier1", "0.000005", "Requests", 400_000),
    ("DataTransfer-Out-Bytes", "0.09", "GB", 90),
    ("DataTransfer-In-Bytes", "0", "GB", 140),
)
_CLOUDWATCH_METERS = (
    ("CW:MetricMonitorUsage", "0.30", "Metrics", 4),
    ("DataProcessing-Bytes", "0.50", "GB", 24),
)
SHADOW_RATIO_PERCENT = 30
SHADOW_ENDPOINT = "arn:aws:sagemaker:us-east-1:411122223333:endpoint/llm-shadow-endpoint"
_PLAN = "arn:aws:savingsplans::411122223333:savingsplan/7c1d-demo"


def aws_charges(calendar: Calendar, seed: int) -> pa.Table:
    """Every AWS charge of the window, by start (stable within an hour)."""
    blocks = [*_gpu_hosts(calendar), *_shared(calendar), *_classic(calendar, seed)]
    blocks.append(_model_artifacts(calendar))
    blocks += _not_usage(calendar, pa.concat_tables(blocks))
    return pa.concat_tables(blocks).sort_by("start")


def _gpu_hosts(calendar: Calendar) -> list[pa.Table]:
    blocks = []
    for host in hosts(calendar):
        price = to_units(on_demand(host.accelerator) * host.gpus)
        # Tags change where a lab's training ends or a model is sunset: a block for either side.
        turns = {calendar.training_stop, calendar.tagger_sunset}
        edges = [host.start, *sorted(t for t in turns if host.start < t < host.stop), host.stop]
        for first, stop in pairwise(edges):
            hours = calendar.hours(first, stop).reshape(-1, 24)[:, : host.hours].ravel()
            blocks.append(
                charge_rows(
                    hours, 1, price,
                    unit_price=price, unit="Hours",
                    description=f"{host.instance_type} On Demand Linux per hour",
                    resource_id=host.resource_id, resource_name=host.name,
                    resource_type="Instance", sku=f"EC2-{host.instance_type}",
                    tags=host_tags(host, calendar, first), **_COMPUTE, **_AWS,
                )
            )  # fmt: skip
    return blocks


def _shared(calendar: Calendar) -> list[pa.Table]:
    blocks = []
    for component, service, category, resource, price, team in _SHARED:
        tags = {"cost_component": component, "environment": "production"}
        blocks.append(
            charge_rows(
                calendar.hours(0, calendar.days), 1, to_units(price),
                unit_price=to_units(price), unit="Hours", description=f"{service} hours",
                service=service, service_category=category, resource_id=resource,
                resource_type="Service", sku=f"SHARED-{component}",
                tags=tags | ({"team": team} if team else {}), **_AWS,
            )
        )  # fmt: skip
    return blocks


def _classic(calendar: Calendar, seed: int) -> list[pa.Table]:
    """Servers, databases and buckets of the shop itself, without any tag."""
    blocks = []
    hours = calendar.hours(0, calendar.days)
    for number in range(_WEB_SERVERS):
        is_covered = number < _COVERED_SERVERS
        paid = to_units(_WEB_COVERED if is_covered else _WEB_LIST)
        instance = f"i-0web{number:013x}"
        blocks.append(
            charge_rows(
                hours, 1, 0 if is_covered else paid, effective=paid, listed=to_units(_WEB_LIST),
                unit_price=to_units(_WEB_LIST), unit="Hours",
                pricing="Committed" if is_covered else "Standard",
                commitment=_PLAN if is_covered else None,
                description="m5.xlarge Linux per hour", resource_type="Instance",
                resource_id=f"arn:aws:ec2:us-east-1:{AWS_ACCOUNT}:instance/{instance}",
                sku="EC2-m5.xlarge", **_COMPUTE, **_AWS,
            )
        )  # fmt: skip
    for name, price in _DATABASES:
        blocks.append(
            charge_rows(
                hours, 1, to_units(price), unit_price=to_units(price), unit="Hours",
                description="RDS db.r6g Multi-AZ PostgreSQL per hour", resource_type="DB Instance",
                resource_id=f"arn:aws:rds:us-east-1:{AWS_ACCOUNT}:db:{name}", sku="RDS-db.r6g",
                service="Amazon Relational Database Service", service_category="Databases", **_AWS,
            )
        )  # fmt: skip
    days = calendar.midnights(0, calendar.days)
    for bucket in _BUCKETS:
        rng = stream_seed(seed, f"bucket:{bucket}")
        for meter, price, unit, mean in _S3_METERS:
            quantity = rng.integers(mean * 500, mean * 1500, calendar.days)
            cost = quantity * to_units(price) // 1000
            blocks.append(
                charge_rows(
                    days, 24, cost, unit_price=to_units(price), quantity_milli=quantity, unit=unit,
                    description=f"Amazon S3 {meter}", resource_type="Bucket",
                    resource_id=f"arn:aws:s3:::shop-{bucket}", sku=f"S3-{meter}",
                    service="Amazon Simple Storage Service", service_category="Storage", **_AWS,
                )
            )  # fmt: skip
    rng = stream_seed(seed, "cloudwatch")
    for meter, price, unit, mean in _CLOUDWATCH_METERS:
        quantity = rng.integers(mean * 800, mean * 1200, calendar.days)
        blocks.append(
            charge_rows(
                days, 24, quantity * to_units(price) // 1000, unit_price=to_units(price),
                quantity_milli=quantity, unit=unit, description=f"Amazon CloudWatch {meter}",
                sku=f"CW-{meter}", service="AmazonCloudWatch",
                service_category="Management and Governance", **_AWS,
            )
        )  # fmt: skip
    return blocks


def shadow_charges(calendar: Calendar, other: pa.Table) -> pa.Table | None:
    """The planted blind spot: an LLM endpoint that neither tags nor telemetry know.

    Args:
        calendar: The window.
        other: Every other charge, of all vendors.

    Returns:
        Hourly charges from its first day on that add `SHADOW_RATIO_PERCENT` to the bill of the
        month before, but for what a price in whole cents cannot say; None where not planted.
    """
    first = calendar.shadow_start
    if first is None:
        return None
    before, month = calendar.months[-2:]
    bill = int(within(other, before.start, before.end).column("effective_usd").to_numpy().sum())
    cent = to_units("0.01")
    price = bill * SHADOW_RATIO_PERCENT // 100 // (24 * (month.stop - month.first)) // cent * cent
    return charge_rows(
        calendar.hours(first, calendar.days), 1, price, unit_price=price, unit="Hours",
        description="Real-time inference, LLM endpoint fleet per hour", resource_id=SHADOW_ENDPOINT,
        resource_name="llm-shadow-endpoint", resource_type="Endpoint", sku="SM-INFERENCE",
        service="Amazon SageMaker", service_category="AI and Machine Learning", **_AWS,
    )  # fmt: skip


def _model_artifacts(calendar: Calendar) -> pa.Table:
    """Weights of the chat model in a bucket, tagged in full from v2's first day on."""
    first = calendar.chat_v2_start
    price = to_units("0.00076")
    quantity = 1_450_000
    tags = {
        "model_name": "chat-assistant",
        "model_version": "v2",
        "endpoint": "chat",
        "team": "assistant",
        "environment": "production",
        "lifecycle_stage": "deployment",
        "cost_component": "storage",
        "initiative": "exploitation",
    }
    return charge_rows(
        calendar.midnights(first, calendar.days), 24, quantity * price // 1000,
        unit_price=price, quantity_milli=quantity, unit="GB-Day",
        description="Amazon S3 TimedStorage-ByteHrs", resource_type="Bucket",
        resource_id="arn:aws:s3:::model-artifacts", sku="S3-TimedStorage-ByteHrs", tags=tags,
        service="Amazon Simple Storage Service", service_category="Storage", **_AWS,
    )  # fmt: skip


def _not_usage(calendar: Calendar, usage: pa.Table) -> list[pa.Table]:
    """Per month the purchase that pays for covered hours, support and tax; once a credit."""
    blocks = []
    for month in calendar.months:
        first_hour = calendar.midnights(month.first, month.first + 1)
        covered = within(usage, month.start, month.end)
        covered = covered.filter(pa.array(covered.column("pricing").to_numpy() == "Committed"))
        blocks.append(
            charge_rows(
                first_hour, 24 * (month.stop - month.first),
                int(units(covered, "effective").sum()), effective=0, listed=0,
                category="Purchase", frequency="Recurring", description="Compute Savings Plan",
                service="Savings Plans for AWS Compute usage", service_category="Compute",
                commitment=_PLAN, resource_id=_PLAN, pricing="Committed", sku="SP-COMPUTE", **_AWS,
            )
        )  # fmt: skip
        blocks.append(
            charge_rows(
                first_hour, 24 * (month.stop - month.first), 1_200 * UNITS_PER_USD,
                category="Purchase", frequency="Recurring", description="AWS Business Support",
                service="AWS Support (Business)", service_category="Other", sku="SUPPORT", **_AWS,
            )
        )  # fmt: skip
        blocks.append(
            charge_rows(
                calendar.midnights(month.stop - 1, month.stop), 24, to_units("412.37"),
                category="Tax", frequency="Recurring", pricing=None, description="US sales tax",
                service="Tax", service_category="Other", unit="Dollar", **_AWS,
            )
        )  # fmt: skip
    last = max(0, calendar.days - 3)
    blocks.append(
        charge_rows(
            calendar.midnights(last, last + 1), 24, to_units("-1500.00"),
            category="Credit", frequency="One-Time", pricing=None,
            description="Migration acceleration credit", service="AWS Credits",
            service_category="Other", **_AWS,
        )
    )  # fmt: skip
    return blocks
