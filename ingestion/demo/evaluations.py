"""`evaluations/`: weekly quality of every version that serves, by the day it was scored.

Planted: doc-summarizer's accuracy falls after its first four weeks. The quantized twin of
ticket-triage scores as the original does.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.demand import stream_seed
from ingestion.demo.registry import TWIN, versions

MAIN_METRIC = "accuracy"
BASELINE_WEEKS = 4
WEEKLY_FALL = 0.035
LOWEST = 0.55
DRIFTING = ("doc-summarizer", "v1")
_SAMPLES = 2_000
ACCURACY = {
    ("chat-assistant", "v1"): 0.871,
    ("chat-assistant", "v2"): 0.872,
    ("recommender", "v1"): 0.781,
    ("recommender", "v2"): 0.781,
    ("search-ranker", "v1"): 0.832,
    ("support-copilot", "v1"): 0.846,
    ("support-copilot", "v2"): 0.879,
    ("listing-writer", "v1"): 0.742,
    ("listing-writer", "v2"): 0.902,
    ("ticket-triage", "v1"): 0.914,
    TWIN: 0.914,
    DRIFTING: 0.893,
    ("embedder", "v1"): 0.803,
    ("query-tagger", "v1"): 0.764,
}


@dataclass(frozen=True)
class Evaluation:
    """One planted score.

    Args:
        day: Day offset of the evaluation.
        model: Name and version.
        accuracy: The true accuracy, before sampling.
        correct: Correct answers among `samples`.
        samples: Answers scored.
    """

    day: int
    model: tuple[str, str]
    accuracy: float
    correct: int
    samples: int


def evaluations(calendar: Calendar, seed: int) -> list[Evaluation]:
    """Weekly scores of each version while it serves, by day and version."""
    found = []
    for version in versions(calendar):
        accuracy = ACCURACY.get(version.key)
        if accuracy is None:
            continue
        first = max(0, version.created if version.deployed is None else version.deployed)
        last = calendar.days if version.sunset is None else min(calendar.days, version.sunset)
        rng = stream_seed(seed, f"evaluation:{'/'.join(version.key)}")
        for week, day in enumerate(range(first, last, 7)):
            now = accuracy
            if version.key == DRIFTING and not calendar.is_clean and week >= BASELINE_WEEKS:
                now = max(LOWEST, accuracy - WEEKLY_FALL * (week - BASELINE_WEEKS + 1))
            correct = int(rng.binomial(_SAMPLES, now))
            found.append(Evaluation(day, version.key, now, correct, _SAMPLES))
    return sorted(found, key=lambda score: (score.day, score.model))


def evaluation_table(calendar: Calendar, scores: list[Evaluation], seed: int) -> pa.Table:
    """`evaluations/evaluations.jsonl.gz`: accuracy, and a judge's helpfulness beside it."""
    rng = stream_seed(seed, "evaluation:helpfulness")
    helpful = np.clip(rng.normal(0.8, 0.03, len(scores)), 0, 1).round(4).tolist()
    rows = []
    for score, judged in zip(scores, helpful, strict=True):
        same = {
            "evaluated_at": f"{calendar.day(score.day)}T06:00:00Z",
            "model_name": score.model[0],
            "model_version": score.model[1],
            "samples": score.samples,
        }
        rows.append(same | {"metric": MAIN_METRIC, "score": score.correct / score.samples})
        rows.append(same | {"metric": "helpfulness", "score": judged})
    return pa.Table.from_pylist(rows)


def evaluations_truth(calendar: Calendar, scores: list[Evaluation]) -> list[dict[str, object]]:
    """True and sampled accuracy per evaluation."""
    return [
        {
            "date_day": str(calendar.day(score.day)),
            "model_name": score.model[0],
            "model_version": score.model[1],
            "true_accuracy": round(score.accuracy, 6),
            "score": score.correct / score.samples,
            "samples": score.samples,
        }
        for score in scores
    ]
