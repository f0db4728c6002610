"""5,000 respondents x 60 items: Krippendorff's alpha with a bootstrap, and the six intraclass correlations.

Each side gets the same answers in memory and the same question, and the figures must agree. Where
target/release/waypost is built, the whole command is timed too, with starting it and reading the file.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pingouin

RESPONDENTS, ITEMS, RESAMPLES = 5000, 60, 1000


def answers():
    """Answers from 1 to 5 that agree a little: items differ, and so do respondents."""
    rng = np.random.default_rng(20261123)
    item = rng.normal(0, 0.7, ITEMS)
    person = rng.normal(0, 0.5, (RESPONDENTS, 1))
    return np.clip(np.rint(3 + item + person + rng.normal(0, 0.9, (RESPONDENTS, ITEMS))), 1, 5)


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def alphas(table):
    rng = np.random.default_rng(1)
    drawn = (table[rng.integers(0, RESPONDENTS, RESPONDENTS)] for _ in range(RESAMPLES))
    return [krippendorff.alpha(reliability_data=it, level_of_measurement="interval") for it in drawn]


def six(table):
    wide = pd.DataFrame(table).rename_axis("rater").reset_index()
    long = wide.melt(id_vars="rater", var_name="target", value_name="rating")
    seconds, icc = timed(lambda: pingouin.intraclass_corr(long, targets="target", raters="rater", ratings="rating"))
    return seconds, icc["ICC"].tolist()


def line(what, ours, theirs, peer):
    print(f"{what:<58} {ours:8.4f} s  {theirs:8.4f} s ({peer})  {theirs / ours:7.1f} times as fast")


def main():
    table = answers()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ratings.csv"
        np.savetxt(file, table, fmt="%d", delimiter=",")
        ours = json.loads(subprocess.check_output(["target/release/examples/peers", file, str(RESAMPLES)]))
        seconds, alpha = timed(lambda: krippendorff.alpha(reliability_data=table, level_of_measurement="interval"))
        bootstrap, drawn = timed(lambda: alphas(table))
        icc_seconds, icc = six(table)

        assert abs(ours["alpha"] - alpha) < 1e-9, (ours["alpha"], alpha)
        low, high = np.percentile(drawn, [2.5, 97.5])
        assert abs(ours["low"] - low) < 0.002 and abs(ours["high"] - high) < 0.002, (ours, low, high)
        assert all(abs(one - other) < 1e-6 for one, other in zip(ours["icc"], icc, strict=True)), (ours["icc"], icc)

        print(f"{RESPONDENTS} respondents x {ITEMS} items; the figures agree.")
        line("alpha", ours["alpha_seconds"], seconds, "krippendorff")
        line(f"alpha and {RESAMPLES} resamples of respondents", ours["bootstrap_seconds"], bootstrap, "krippendorff")
        line("the six intraclass correlations", ours["icc_seconds"], icc_seconds, "pingouin")

        program = Path("target/release/waypost")
        if not program.exists():
            print(f"skipped: {program} is not built, so the command as a whole was not timed")
            return
        command = [program, "calc", "agreement", file, "--scale", "5"]
        whole, _ = timed(lambda: subprocess.check_output(command))
        line("waypost calc agreement, all figures, against ICC alone", whole, icc_seconds, "pingouin")
        whole, _ = timed(lambda: subprocess.check_output([*command, "--resamples", str(RESAMPLES)]))
        line(f"waypost calc agreement --resamples {RESAMPLES}", whole, bootstrap, "krippendorff")


main()
