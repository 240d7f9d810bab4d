"""Planted spikes, new fleets and an untagged endpoint are flagged for what they are; a clean company is quiet."""

from decimal import Decimal

import pytest
from companies import SEEDS, build

UNKNOWN = "unattributed"
