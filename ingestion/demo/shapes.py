"""Numbers measured on real traces: the shape of demand and the length of requests.

Sources, both CC BY 4.0: BurstGPT (github.com/HPMLL/BurstGPT; Wang et al., KDD 2025), hourly sums
of days 0 to 44; and the Azure LLM inference trace 2023 (github.com/Azure/AzurePublicDataset; Patel
et al., ISCA 2024), conversation hour; and others as named below. Only these rounded statistics are
carried, no rows.
"""

import numpy as np

# BurstGPT `requests_conversation`: mean of each hour of the week over the overall mean, Monday
# 00:00 first (day 0 of the trace taken as a Wednesday), one line per day.
_CONVERSATION_WEEK = """
0.77 0.40 0.18 0.08 0.09 0.05 0.02 0.04 0.30 1.34 1.92 2.06 0.95 1.22 1.92 2.68 2.72 1.86 1.22 1.53 1.86 1.63 1.59 1.36
0.60 0.47 0.29 0.11 0.06 0.03 0.04 0.06 0.27 1.62 2.81 2.40 1.04 1.36 1.93 2.60 2.59 1.81 1.10 1.31 1.37 1.57 1.26 1.23
0.78 0.40 0.22 0.14 0.05 0.07 0.06 0.09 0.27 1.29 2.31 2.12 0.78 1.40 2.26 2.30 2.54 2.21 1.54 1.89 1.84 1.69 1.58 1.39
0.71 0.40 0.26 0.08 0.11 0.06 0.05 0.07 0.32 1.82 2.39 2.26 0.80 1.28 2.29 2.67 2.66 2.08 1.27 1.63 1.88 1.89 1.45 1.05
0.89 0.59 0.33 0.16 0.08 0.06 0.06 0.07 0.26 1.24 1.86 1.94 0.89 1.30 1.79 2.22 2.60 1.62 1.00 1.13 1.13 1.16 1.09 0.91
0.37 0.31 0.13 0.10 0.04 0.04 0.02 0.06 0.12 0.38 0.81 0.80 0.43 0.51 0.77 1.15 1.10 1.11 0.64 0.68 0.81 1.01 1.02 0.79
0.48 0.27 0.17 0.10 0.03 0.03 0.03 0.02 0.08 0.30 0.79 0.84 0.52 0.74 1.05 1.38 1.55 1.11 0.65 0.94 1.28 1.36 1.28 1.08
"""  # noqa: E501
CONVERSATION_WEEK = np.array(_CONVERSATION_WEEK.split(), dtype=float)

# BurstGPT `requests_api`: chance of a busy hour after a busy and after a silent one, quantiles of
# the busy hours over their mean, and the lag-1 autocorrelation of their normal scores.
BUSY_AFTER_BUSY = 0.846
BUSY_AFTER_SILENT = 0.171
BUSY_LEVELS, BUSY_QUANTILES = np.array(
    [
        (0.000, 0.0006),
        (0.050, 0.0012),
        (0.100, 0.0027),
        (0.250, 0.0372),
        (0.500, 0.3318),
        (0.750, 1.1351),
        (0.900, 2.4604),
        (0.950, 3.5265),
        (0.980, 7.0398),
        (0.990, 9.3106),
        (0.995, 12.3203),
        (1.000, 20.1241),
    ]
).T
BUSY_AUTOCORRELATION = 0.71

# Azure LLM trace 2023, conversation: natural logarithms of context and generated tokens.
INPUT_LOG_MEAN, INPUT_LOG_SD = 6.633, 0.985
OUTPUT_LOG_MEAN, OUTPUT_LOG_SD = 5.019, 0.859
LENGTH_LOG_CORRELATION = 0.087

# ServeGen `m-small` (github.com/alibaba/ServeGen, Apache-2.0), 14 days: mean input and output
# tokens of an hour's requests. The standard deviation of their logarithms (about the same of both),
# how the two go together, and how an hour resembles the next.
LENGTH_WANDER_SD = 0.14
LENGTH_WANDER_CORRELATION = 0.83
LENGTH_WANDER_AUTOCORRELATION = 0.87

# Helios "Earth", May 2020 (S-Lab HeliosArtifact; Hu et al., SC 21; CC BY 4.0 / MIT): of GPUs that
# had to wait, first come first served, the median wait in seconds and the standard deviation of its
# natural logarithm; and the longest one that we let happen.
QUEUE_MEDIAN_S, QUEUE_LOG_SD = 8_700, 1.85
QUEUE_LONGEST_S = 172_800
# Of all GPUs and all five minutes there, the share that ran nothing.
IDLE_SHARE = 0.316

# Means of the lognormals above, tokens per call.
INPUT_MEAN = float(np.exp(INPUT_LOG_MEAN + INPUT_LOG_SD**2 / 2))
OUTPUT_MEAN = float(np.exp(OUTPUT_LOG_MEAN + OUTPUT_LOG_SD**2 / 2))
