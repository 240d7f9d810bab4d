"""FOCUS cost and usage rows, specification 1.0 to 1.4, any provider.

Source: the column lists of the FinOps Open Cost and Usage Specification. Only what money cannot do
without is required; a cost may be negative (credits, corrections). A charge lasts ten years at
most: an end in the year 9999 means none, and its cost would be spread over millions of days.
"""

from ingestion.contracts.model import Column, Contract

_REQUIRED = {
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargeCategory",
}
_DECIMALS = (
    "BilledCost EffectiveCost ListCost ContractedCost "
    "ListUnitPrice ContractedUnitPrice PricingQuantity ConsumedQuantity"
)
_TIMESTAMPS = "BillingPeriodStart BillingPeriodEnd ChargePeriodStart ChargePeriodEnd"
_TEXTS = {
    "1.0": (
        "AvailabilityZone BillingAccountId BillingAccountName BillingCurrency ChargeCategory "
        "ChargeClass ChargeDescription ChargeFrequency CommitmentDiscountCategory "
        "CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus "
        "CommitmentDiscountType ConsumedUnit InvoiceIssuerName PricingCategory PricingUnit "
        "ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType "
        "ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName"
    ),
    "1.1": (
        "CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity "
        "CommitmentDiscountUnit ServiceSubcategory SkuMeter"
    ),
    "1.2": (
        "BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice "
        "PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice SubAccountType"
    ),
    "1.3": (
        "AllocatedMethodId AllocatedResourceId AllocatedResourceName HostProviderName "
        "ServiceProviderName"
    ),
    "1.4": "InvoiceDetailId",
}
_JSONS = (
    "Tags SkuPriceDetails AllocatedMethodDetails AllocatedTags ContractApplied "
    "CommitmentProgramEligibilityDetails"
)

CONTRACT = Contract(
    table="billing",
    columns=(
        *(Column(name, "decimal", name in _REQUIRED) for name in _DECIMALS.split()),
        *(Column(name, "timestamp", name in _REQUIRED) for name in _TIMESTAMPS.split()),
        *(
            Column(name, "text", name in _REQUIRED)
            for version in _TEXTS.values()
            for name in version.split()
        ),
        *(Column(name, "json") for name in _JSONS.split()),
    ),
    within_days=(("ChargePeriodStart", "ChargePeriodEnd", 3_660),),
)
